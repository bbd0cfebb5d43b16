// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.proxy;

import io.tacho.text.Urls;
import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a Centrifugo sends its proxy requests, and where they are passed on.
 *
 * @param listen TCP address on loopback: there is no key
 * @param application to which the path of a request is appended
 * @param trust the CAs to trust under TLS; null for Java's trust store
 */
public record ProxySettings(InetSocketAddress listen, URI application, @Nullable SSLContext trust) {

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public ProxySettings {
        if (listen.isUnresolved() || !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "proxy-listen: " + listen.getHostString() + " (expected: a loopback address, e.g. 127.0.0.1:7024)");
        }
        if (application.getHost() == null
                || !String.valueOf(application.getScheme()).matches("https?")
                || application.getUserInfo() != null
                || application.getQuery() != null
                || application.getFragment() != null) {
            throw new IllegalArgumentException("proxy-application: '" + Urls.masked(application)
                    + "' (expected: http[s]://host[:port][/path], without credentials)");
        }
    }

    /** Returns the URL of a path that matches {@link ProxyConnection#PATH}. */
    URI url(String path) {
        String base = application.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }
}
