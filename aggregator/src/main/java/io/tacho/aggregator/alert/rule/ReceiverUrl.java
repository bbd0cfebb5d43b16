// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** A URL that notifications are sent to; everything except scheme, host and port may be secret and is never printed. */
public record ReceiverUrl(URI uri) {

    static final String EXPECTED = "(expected: http://host[:port]/path or https://…, without a user or a fragment)";

    /**
     * Parses the URL of a receiver.
     *
     * @param keyword the line that has the URL, for error messages
     * @throws IllegalArgumentException stating the expected form, without the URL
     */
    static ReceiverUrl parse(String keyword, String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(keyword + ": not a URL " + EXPECTED);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(keyword + ": neither http nor https " + EXPECTED);
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(keyword + ": no host " + EXPECTED);
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(keyword + ": a user or a fragment in the URL " + EXPECTED);
        }
        return new ReceiverUrl(uri);
    }

    /**
     * Parses a URL that paths are appended to; it ends with a slash.
     *
     * @param keyword the line that has the URL, for error messages
     * @throws IllegalArgumentException stating the expected form, without the URL
     */
    static ReceiverUrl parseBase(String keyword, String text) {
        ReceiverUrl url = parse(keyword, text);
        if (url.uri.getRawQuery() != null) {
            throw new IllegalArgumentException(keyword + ": a query in the URL (expected: http://host[:port][/path])");
        }
        return url.uri.getRawPath().endsWith("/") ? url : new ReceiverUrl(URI.create(url.uri + "/"));
    }

    /** Returns the URL of a path below this base URL. */
    public ReceiverUrl append(String path) {
        return new ReceiverUrl(URI.create(uri + path));
    }

    /** Returns the URL with everything after scheme, host and port masked. */
    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + "/***";
    }
}
