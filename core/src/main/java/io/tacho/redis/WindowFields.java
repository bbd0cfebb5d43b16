// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.model.ClusterWindow;
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
    static final String MAXIMA = String.join(
            " ",
            Stream.concat(
                            Stream.of(TIME_API_MAX, TIME_CLIENT_MAX, MAX_UNIQUE_CLIENTS, MAX_CHANNELS),
                            ClusterWindow.BALANCED.stream().map(WindowFields::largest))
                    .toList());

    /** Numbers with 64 bits that are added up. */
    static final String LONG_SUMS = String.join(
            " ",
            Stream.concat(
                            DURATIONS.stream().map(TotalField::wireName),
                            ClusterWindow.BALANCED.stream().map(WindowFields::squares))
                    .toList());

    /** The names of unions; their keys end with them. */
    static final String USERS = "users";

    static final String CHANNELS = "channels";

    /** The number of windows of nodes in a union. */
    static final String USERS_WINDOWS = USERS + "_windows";

    static final String CHANNELS_WINDOWS = CHANNELS + "_windows";

    private WindowFields() {}

    static String largest(Field field) {
        return "max_" + field.wireName().replace("num_", "");
    }

    /** {@return the name of the sum of the squares of a balanced field} */
    static String squares(Field field) {
        return "squares_" + field.wireName().replace("num_", "");
    }
}
