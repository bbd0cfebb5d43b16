// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import io.tacho.text.Urls;
import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a Centrifugo sends its refresh requests, and where they are passed on.
 *
 * @param listen TCP address on loopback: there is no key
 * @param application the URL that responds to them
 * @param trust the CAs to trust under TLS; null for Java's trust store
 */
public record RefreshSettings(
        InetSocketAddress listen, URI application, @Nullable SSLContext trust) {

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public RefreshSettings {
        if (listen.isUnresolved() || !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("refresh-listen: " + listen.getHostString()
                    + " (expected: a loopback address, e.g. 127.0.0.1:7024)");
        }
        if (application.getHost() == null
                || !String.valueOf(application.getScheme()).matches("https?")
                || application.getUserInfo() != null
                || application.getFragment() != null) {
            throw new IllegalArgumentException("refresh-url: '" + Urls.masked(application)
                    + "' (expected: http[s]://host[:port]/path, without credentials)");
        }
    }
}
