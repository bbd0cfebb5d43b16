// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import java.util.Optional;

/** Reads the resource usage of another process of this machine. */
@FunctionalInterface
public interface ProcessProbe {

    /** Knows no process. */
    ProcessProbe NONE = Optional::empty;

    /** Returns its current resource usage; empty if it does not exist, or is not accessible. May take some milliseconds. */
    Optional<ProcessNumbers> sample();

    /** Returns whether the last sample shows if the process exists; false if it was not possible to look. */
    default boolean isConclusive() {
        return true;
    }
}
