// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where numbers may be pushed to.
 *
 * @param listen TCP address; beyond loopback only with a key
 * @param key what requests have to carry; null without
 * @param oldAfter after how long a number that was not pushed again is old
 * @param goneAfter after how long without any push the node is let go
 */
public record PushSettings(
        InetSocketAddress listen, @Nullable String key, Duration oldAfter, Duration goneAfter) {

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public PushSettings {
        if (key != null && key.isBlank()) {
            throw new IllegalArgumentException("push-key: empty (expected: a secret)");
        }
        if (key == null && (listen.isUnresolved() || !listen.getAddress().isLoopbackAddress())) {
            throw new IllegalArgumentException("listen: " + listen.getHostString()
                    + " without a key (expected: a loopback address, or a key in TACHO_PUSH_KEY or a file)");
        }
    }

    /** Nothing of this shows the key. */
    @Override
    public String toString() {
        return listen.toString();
    }
}
