// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.model.Field;
import io.tacho.model.TotalField;
import io.tacho.model.WindowGauges;
import java.util.List;
import java.util.stream.Stream;

/** The names of the fields of a window's entry, derived from the field catalogue, in the order of the upload's arguments. */
final class WindowFields {

    static final List<TotalField> COUNTERS =
            TotalField.ALL.stream().filter(total -> !total.isDuration()).toList();

    static final List<TotalField> DURATIONS =
            TotalField.ALL.stream().filter(TotalField::isDuration).toList();

    static final String TIME_API_MAX = Field.TIME_API_MAX.wireName();
    static final String TIME_CLIENT_MAX = Field.TIME_CLIENT_MAX.wireName();

    /** The largest number of a single node. */
    static final String MAX_UNIQUE_CLIENTS = largest(Field.NUM_UNIQUE_CLIENTS);

    static final String MAX_CHANNELS = largest(Field.NUM_CHANNELS);

    /** The number of windows of nodes that also count what happened before their start. */
    static final String BRIDGED = "bridged";

    /** Numbers that are added up. */
    static final String SUMS = String.join(
            " ",
            Stream.of(
                            COUNTERS.stream().map(TotalField::wireName),
                            WindowGauges.FIELDS.stream().map(Field::wireName),
                            Stream.of(BRIDGED))
                    .flatMap(names -> names)
                    .toList());

    /** Numbers of which the largest is stored. */
    static final String MAXIMA = String.join(" ", TIME_API_MAX, TIME_CLIENT_MAX, MAX_UNIQUE_CLIENTS, MAX_CHANNELS);

    /** Nanoseconds, with 64 bits, that are added up. */
    static final String NANOSECONDS =
            String.join(" ", DURATIONS.stream().map(TotalField::wireName).toList());

    /** The names of unions; their keys end with them. */
    static final String USERS = "users";

    static final String CHANNELS = "channels";

    /** The number of windows of nodes in a union. */
    static final String USERS_WINDOWS = USERS + "_windows";

    static final String CHANNELS_WINDOWS = CHANNELS + "_windows";

    private WindowFields() {}

    private static String largest(Field field) {
        return field.wireName().replace("num_", "max_");
    }
}
