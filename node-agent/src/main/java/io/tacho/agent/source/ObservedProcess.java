// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.model.Field;
import java.util.OptionalDouble;

/**
 * The fields that can be observed from outside a node's process, for a source that does not report them itself.
 *
 * <p>Thread safety: as safe as the process.
 */
public final class ObservedProcess {

    private final OtherProcess process;
    private final ProcessSampler machine = new ProcessSampler();

    public ObservedProcess(OtherProcess process) {
        this.process = process;
    }

    /** Returns the observed value of a field; empty if it is not observable. */
    public OptionalDouble of(Field field) {
        return switch (field) {
            case NUM_GOROUTINE -> process.threads();
            case STARTED_AT -> process.startedAtSeconds();
            case NUM_CPU -> OptionalDouble.of((double) machine.machineProcessors());
            case MEMORY_SYS -> process.residentBytes();
            case CPU_USAGE -> process.cpuUsage();
            default -> OptionalDouble.empty();
        };
    }
}
