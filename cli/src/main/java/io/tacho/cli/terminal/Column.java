// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.model.Field;
import io.tacho.units.Durations;
import io.tacho.units.Quantity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The 22 fields as columns, in the order in which an answer has them. */
enum Column {
    UID("uid", "UID", Kind.TEXT, 36),
    NAME("name", "NAME", Kind.TEXT, 12),
    THREADS("num_goroutine", "THREADS", Kind.COUNT, 8),
    CLIENTS("num_clients", "CLIENTS", Kind.COUNT, 8),
    USERS("num_unique_clients", "USERS", Kind.COUNT, 8),
    CHANNELS("num_channels", "CHANNELS", Kind.COUNT, 8),
    UP("started_at", "UP", Kind.AGE, 7),
    PROCS("gomaxprocs", "PROCS", Kind.COUNT, 6),
    CPUS("num_cpu", "CPUS", Kind.COUNT, 6),
    PUBLISHED("num_msg_published", "PUBLISH", Kind.COUNT, 8),
    QUEUED("num_msg_queued", "QUEUED", Kind.COUNT, 8),
    SENT("num_msg_sent", "SENT", Kind.COUNT, 8),
    API_REQUESTS("num_api_requests", "API-REQ", Kind.COUNT, 8),
    CLIENT_REQUESTS("num_client_requests", "CL-REQ", Kind.COUNT, 8),
    BYTES_IN("bytes_client_in", "IN", Kind.BYTES, 9),
    BYTES_OUT("bytes_client_out", "OUT", Kind.BYTES, 9),
    API_MEAN("time_api_mean", "API-AVG", Kind.NANOS, 8),
    CLIENT_MEAN("time_client_mean", "CL-AVG", Kind.NANOS, 8),
    API_MAX("time_api_max", "API-MAX", Kind.NANOS, 8),
    CLIENT_MAX("time_client_max", "CL-MAX", Kind.NANOS, 8),
    MEMORY("memory_sys", "MEMORY", Kind.BYTES, 9),
    CPU("cpu_usage", "CPU", Kind.PERCENT, 6);

    /** How a value is formatted. */
    enum Kind {
        TEXT(Quantity.COUNT),
        COUNT(Quantity.COUNT),
        BYTES(Quantity.BYTES),
        NANOS(Quantity.DURATION),
        PERCENT(Quantity.PERCENT),
        /** UNIX seconds, shown as the time since then. */
        AGE(Quantity.DURATION);

        final Quantity quantity;

        Kind(Quantity quantity) {
            this.quantity = quantity;
        }

        String format(long value, long nowSeconds) {
            if (this == AGE) {
                return value > 0 ? Durations.compact(nowSeconds - value) : "-";
            }
            return quantity.compact((double) value);
        }
    }

    /** What is shown unless something else is asked for. */
    static final List<Column> USUAL = List.of(
            NAME,
            CLIENTS,
            USERS,
            CHANNELS,
            PUBLISHED,
            SENT,
            CLIENT_REQUESTS,
            BYTES_IN,
            BYTES_OUT,
            CLIENT_MEAN,
            CLIENT_MAX,
            MEMORY,
            CPU,
            UP,
            THREADS,
            API_REQUESTS,
            API_MEAN,
            API_MAX,
            QUEUED,
            PROCS,
            CPUS);

    final String field;
    final String title;
    final Kind kind;
    final int width;

    Column(String field, String title, Kind kind, int width) {
        this.field = field;
        this.title = title;
        this.kind = kind;
        this.width = width;
    }

    /** {@return the field in the catalogue} */
    Field definition() {
        return Objects.requireNonNull(Field.of(field), field);
    }

    boolean isText() {
        return kind == Kind.TEXT;
    }

    /**
     * The column of a field, also by the short names that people type: {@code clients}, {@code cpu}, {@code cl-max}.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Column of(String name) {
        String wanted = name.trim().toLowerCase(Locale.ROOT);
        List<Column> all = Arrays.asList(values());
        return all.stream()
                .filter(column -> column.field.equals(wanted))
                .findFirst()
                .or(() -> all.stream().filter(column -> column.isCalled(wanted)).findFirst())
                .or(() -> all.stream()
                        .filter(column -> column.field
                                .replaceFirst("^(num|time|bytes)_", "")
                                .equals(wanted))
                        .findFirst())
                .orElseThrow(() -> new IllegalArgumentException("column: '" + name + "' (expected: one of "
                        + String.join(
                                ", ", all.stream().map(column -> column.field).toList()) + ")"));
    }

    private boolean isCalled(String wanted) {
        return title.toLowerCase(Locale.ROOT).equals(wanted)
                || name().toLowerCase(Locale.ROOT).equals(wanted);
    }

    /** @param names separated by commas, or {@code all} */
    static List<Column> list(String names) {
        if (names.equals("all")) {
            return List.of(values());
        }
        List<Column> columns = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            columns.add(of(name));
        }
        return List.copyOf(columns);
    }
}
