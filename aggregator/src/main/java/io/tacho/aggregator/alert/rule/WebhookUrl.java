// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** The URL that notifications are sent to; everything except scheme, host and port may be secret and is never printed. */
public record WebhookUrl(URI uri) {

    static final String EXPECTED = "(expected: http://host[:port]/path or https://…, without a user or a fragment)";

    /**
     * Parses the URL of a webhook.
     *
     * @throws IllegalArgumentException stating the expected form, without the URL
     */
    static WebhookUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("webhook: not a URL " + EXPECTED);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("webhook: neither http nor https " + EXPECTED);
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("webhook: no host " + EXPECTED);
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("webhook: a user or a fragment in the URL " + EXPECTED);
        }
        return new WebhookUrl(uri);
    }

    /** Returns the URL with everything after scheme, host and port masked. */
    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + "/***";
    }
}
