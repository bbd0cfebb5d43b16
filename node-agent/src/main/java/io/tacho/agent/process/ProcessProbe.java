// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import java.util.Optional;

/** Looks at another process of this machine. */
@FunctionalInterface
public interface ProcessProbe {

    /** Knows no process. */
    ProcessProbe NONE = Optional::empty;

    /** What it uses now; empty if it is not there, or cannot be looked at. May take some milliseconds. */
    Optional<ProcessNumbers> sample();
}
