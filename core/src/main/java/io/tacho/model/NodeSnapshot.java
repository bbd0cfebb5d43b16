// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Arrays;

/**
 * The 22 fields of a node at one time: its identity, its gauges, and what happened in its last completed metrics interval, as
 * the {@link Field} catalogue defines them. JSON has all of them on one level, like an entry of Centrifugo 1.0–1.3's {@code
 * stats}.
 *
 * <p>Thread safety: immutable.
 */
public final class NodeSnapshot {

    /** The largest value of any numeric field: the largest integer that every JSON reader keeps exact (2^53 - 1). */
    public static final long MAX_VALUE = Checks.MAX_VALUE;

    private static final int FIRST_NUMBER = Field.values().length - Field.NUMBERS.size();

    private final String uid;
    private final String name;

    /** In the order of {@link Field#NUMBERS}. */
    private final long[] numbers;

    private NodeSnapshot(String uid, String name, long[] numbers) {
        Checks.uid(uid);
        Checks.text(Field.NAME.wireName(), name);
        for (int i = 0; i < numbers.length; i++) {
            Checks.count(Field.NUMBERS.get(i), numbers[i]);
        }
        this.uid = uid;
        this.name = name;
        this.numbers = numbers;
    }

    /** Returns a builder of a snapshot in which all numbers are 0. */
    public static Builder builder(String uid, String name) {
        return new Builder(uid, name, new long[Field.NUMBERS.size()]);
    }

    /** Returns a builder that starts with all values of this snapshot. */
    public Builder toBuilder() {
        return new Builder(uid, name, numbers.clone());
    }

    /**
     * Returns a snapshot of the number of each field.
     *
     * @throws IllegalArgumentException naming the field whose value is out of its bounds
     */
    public static <E extends Exception> NodeSnapshot of(String uid, String name, FieldNumbers<E> numbers) throws E {
        long[] values = new long[Field.NUMBERS.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.of(Field.NUMBERS.get(i));
        }
        return new NodeSnapshot(uid, name, values);
    }

    /** {@return the unique id of the node, a new UUID per process start; 1 to 128 printable ASCII characters} */
    public String uid() {
        return uid;
    }

    /** {@return the name of the node, {@code hostname_port} by default; 1 to 255 characters} */
    public String name() {
        return name;
    }

    /**
     * Returns the number of a field.
     *
     * @throws IllegalArgumentException if the field is text
     */
    public long number(Field field) {
        return numbers[index(field)];
    }

    /**
     * Returns the text of a field.
     *
     * @throws IllegalArgumentException if the field is a number
     */
    public String text(Field field) {
        return switch (field) {
            case UID -> uid;
            case NAME -> name;
            default -> throw new IllegalArgumentException(field.wireName() + ": a number (expected: uid or name)");
        };
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array of primitives
    private static int index(Field field) {
        if (!field.isNumber()) {
            throw new IllegalArgumentException(field.wireName() + ": text (expected: a field with a number)");
        }
        return field.ordinal() - FIRST_NUMBER;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NodeSnapshot that
                && uid.equals(that.uid)
                && name.equals(that.name)
                && Arrays.equals(numbers, that.numbers);
    }

    @Override
    public int hashCode() {
        return 31 * uid.hashCode() + Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
        return "NodeSnapshot[" + uid + ", " + name + ", " + Arrays.toString(numbers) + "]";
    }

    /**
     * Builds a snapshot from the number of each field.
     *
     * <p>Thread safety: one thread at a time.
     */
    public static final class Builder {

        private final String uid;
        private final String name;
        private final long[] numbers;

        private Builder(String uid, String name, long[] numbers) {
            this.uid = uid;
            this.name = name;
            this.numbers = numbers;
        }

        /**
         * Sets the number of a field.
         *
         * @throws IllegalArgumentException if the field is text
         */
        public Builder set(Field field, long number) {
            numbers[index(field)] = number;
            return this;
        }

        /**
         * Returns the snapshot.
         *
         * @throws IllegalArgumentException naming the field whose value is out of its bounds
         */
        public NodeSnapshot build() {
            return new NodeSnapshot(uid, name, numbers.clone());
        }
    }
}
