// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import org.jspecify.annotations.Nullable;

/**
 * What of a node's window can be merged with other nodes' into truths about the whole cluster: base64 texts, kept as they
 * come. {@code io.tacho.sketch} writes and reads them.
 *
 * @param timeApi histogram of the window's server API response times; null where the node ships none
 * @param timeClient histogram of the window's client API response times; null where the node ships none
 * @param users sketch of the distinct user ids connected; null where the node ships none
 * @param channels sketch of the distinct channels with a subscriber; null where the node ships none
 */
public record WindowDetail(
        @Nullable String timeApi,
        @Nullable String timeClient,
        @Nullable String users,
        @Nullable String channels) {

    /** The longest text of one of them. */
    public static final int MAX_LENGTH = 32 * 1024;

    /** A node that ships none. */
    public static final WindowDetail NONE = new WindowDetail(null, null, null, null);

    /** @throws IllegalArgumentException naming the field that is too long or no base64 */
    public WindowDetail {
        Checks.base64("histograms.time_api", timeApi, MAX_LENGTH);
        Checks.base64("histograms.time_client", timeClient, MAX_LENGTH);
        Checks.base64("sketches.users", users, MAX_LENGTH);
        Checks.base64("sketches.channels", channels, MAX_LENGTH);
    }

    /**
     * That text.
     *
     * @throws IllegalArgumentException naming the field if it is too long or no base64
     */
    public static String requireText(String field, String text) {
        Checks.base64(field, text, MAX_LENGTH);
        return text;
    }
}
