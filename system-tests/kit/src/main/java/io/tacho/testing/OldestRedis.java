// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.embedded.EmbeddedRedis;
import java.io.IOException;

/**
 * The oldest supported Redis, for tests. The executable is in the jar {@code com.github.codemonstur:embedded-redis},
 * whose Java code is not used; on Linux it needs glibc and OpenSSL 3.
 */
public final class OldestRedis {

    /** The version that {@code INFO} reports. */
    public static final String VERSION = "6.2.";

    private OldestRedis() {}

    /** Starts a server on a free port. */
    public static EmbeddedRedis start() throws IOException {
        String platform = EmbeddedRedis.platform();
        String named = platform.equals("linux-arm64") ? "6.2.7" : "6.2.6-v5";
        return EmbeddedRedis.startOther("/redis-server-" + named + "-" + platform);
    }
}
