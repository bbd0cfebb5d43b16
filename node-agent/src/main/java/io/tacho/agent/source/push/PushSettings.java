// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import io.tacho.agent.source.SourceTimeouts;
import io.tacho.text.AllowedHosts;
import io.tacho.text.SettingErrors;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address to which numbers are pushed.
 *
 * @param listen TCP address; beyond loopback only with a key
 * @param key the key that requests must contain; null if none is required
 * @param allowedHosts further names that the Host header may contain if there is no key; a star matches any text
 * @param staleAfter the time without another push after which a number is stale
 * @param goneAfter the time without any push after which the node leaves
 */
public record PushSettings(
        InetSocketAddress listen,
        @Nullable String key,
        List<String> allowedHosts,
        Duration staleAfter,
        Duration goneAfter) {

    /** @throws IllegalArgumentException with one line per invalid setting: its name, the found and the expected value */
    public PushSettings {
        List<String> hosts = List.copyOf(allowedHosts);
        allowedHosts = hosts;
        SettingErrors errors = new SettingErrors();
        errors.valueOr(() -> AllowedHosts.of(listen, hosts), AllowedHosts.of(listen, List.of()));
        errors.require(key == null || !key.isBlank(), () -> "push-key: empty (expected: a secret)");
        errors.require(
                key != null || (!listen.isUnresolved() && listen.getAddress().isLoopbackAddress()),
                () -> "listen: " + listen.getHostString()
                        + " without a key (expected: a loopback address, or a key in TACHO_PUSH_KEY or a file)");
        SourceTimeouts.check(errors, staleAfter, goneAfter);
        errors.throwIfAny();
    }

    /** Returns the address, not the key. */
    @Override
    public String toString() {
        return listen.toString();
    }
}
