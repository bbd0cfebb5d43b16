// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The position of a reader: the id of the last event that it received, {@code <epoch>.<version>}.
 *
 * @param epoch which aggregator numbers the events, since which start
 * @param version the view's version with that event
 */
record EventPosition(String epoch, long version) {

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{1,16})\\.([0-9]{1,18})");

    /** Empty if there is no id, or it is none of ours. */
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
