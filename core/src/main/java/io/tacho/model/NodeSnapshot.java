// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Objects;

/**
 * The 22 fields of a node at one time: what the node is ({@link NodeInfo}) and what happened in its last completed
 * metrics interval ({@link IntervalMetrics}). JSON has all of them on one level, like an entry of Centrifugo 1.0–1.3's
 * {@code stats}.
 */
public record NodeSnapshot(NodeInfo info, IntervalMetrics metrics) {

    /** The largest value of any numeric field: the largest integer that every JSON reader keeps exact (2^53 - 1). */
    public static final long MAX_VALUE = Checks.MAX_VALUE;

    public NodeSnapshot {
        Objects.requireNonNull(info, "info");
        Objects.requireNonNull(metrics, "metrics");
    }

    /** Returns a builder of a snapshot in which all numbers are 0. */
    public static Builder builder(String uid, String name) {
        return new Builder(uid, name);
    }

    /** Returns a builder that starts with all values of this snapshot. */
    public Builder toBuilder() {
        Builder builder = new Builder(uid(), name());
        for (Field field : Field.NUMBERS) {
            builder.set(field, field.number(this));
        }
        return builder;
    }

    /** Returns a snapshot of the number of each field. */
    public static <E extends Exception> NodeSnapshot of(String uid, String name, FieldNumbers<E> numbers) throws E {
        return new NodeSnapshot(NodeInfo.of(uid, name, numbers), IntervalMetrics.of(numbers));
    }

    public String uid() {
        return info.uid();
    }

    public String name() {
        return info.name();
    }

    /**
     * Builds a snapshot from the number of each field.
     *
     * <p>Thread safety: one thread at a time.
     */
    @SuppressWarnings("EnumOrdinal") // an index into an array of primitives
    public static final class Builder {

        private final String uid;
        private final String name;
        private final long[] numbers = new long[Field.values().length];

        private Builder(String uid, String name) {
            this.uid = uid;
            this.name = name;
        }

        /**
         * Sets the number of a field.
         *
         * @throws IllegalArgumentException if the field is text
         */
        public Builder set(Field field, long number) {
            if (!field.isNumber()) {
                throw new IllegalArgumentException(field.wireName() + ": text (expected: a field with a number)");
            }
            numbers[field.ordinal()] = number;
            return this;
        }

        /**
         * Returns the snapshot.
         *
         * @throws IllegalArgumentException naming the field whose value is out of its bounds
         */
        public NodeSnapshot build() {
            return of(uid, name, field -> numbers[field.ordinal()]);
        }
    }
}
