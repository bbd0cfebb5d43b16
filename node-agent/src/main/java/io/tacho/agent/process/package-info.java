// SPDX-License-Identifier: Apache-2.0
/**
 * Threads, CPUs, memory and CPU time of a process.
 *
 * <p>Data flow: {@code ProcessProbe} (JVM and {@code /proc}) or {@code OshiProbe} (another process) → {@code ProcessSampler}
 * → {@code ProcessNumbers}; {@code CpuUsageMeter} computes the CPU usage of a window.
 *
 * <p>Values that the operating system does not provide are flagged as unavailable.
 */
@NullMarked
package io.tacho.agent.process;

import org.jspecify.annotations.NullMarked;
