// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limit of open files of this process, each connection being one. The JVM raises it to the hard limit. */
final class OpenFiles {

    private static final Logger logger = LoggerFactory.getLogger(OpenFiles.class);

    /** For jars, logs, Redis, event loops and webhooks. */
    private static final int OTHERS = 100;

    private OpenFiles() {}

    /** Logs at the start if there are not enough for all connections, which otherwise shows only when clients are not accepted. */
    static void check(int maxConnections) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            check(system.getMaxFileDescriptorCount(), maxConnections);
        }
    }

    static void check(long limit, int maxConnections) {
        if (limit > 0 && limit < (long) maxConnections + OTHERS) {
            logger.warn(
                    "open files are limited to {}, too few for max-connections {} and {} others",
                    limit,
                    maxConnections,
                    OTHERS);
        }
    }
}
