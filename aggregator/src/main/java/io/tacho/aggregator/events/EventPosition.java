// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of an event, {@code <epoch>.<version>}, from which a reader can continue.
 *
 * @param epoch identifies one run of one aggregator, because each numbers its events itself
 * @param version the version of the view with that event
 */
record EventPosition(String epoch, long version) {

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{1,16})\\.([0-9]{1,18})");

    /** Parses an id; returns empty if it is missing or does not have this form. */
    static Optional<EventPosition> parse(@Nullable String id) {
        Matcher matcher = FORM.matcher(id == null ? "" : id);
        return matcher.matches()
                ? Optional.of(new EventPosition(matcher.group(1), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return epoch + "." + version;
    }
}
