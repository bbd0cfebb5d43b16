// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/**
 * Supplies the number of each field that a record consists of.
 *
 * @param <E> what supplying may throw
 */
@FunctionalInterface
public interface FieldNumbers<E extends Exception> {

    /** Returns the number of that field. */
    long of(Field field) throws E;
}
