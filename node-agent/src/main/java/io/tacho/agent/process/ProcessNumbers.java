// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

/**
 * The resource usage of a process at one instant.
 *
 * @param pid its id
 * @param threads its live threads
 * @param residentBytes its resident memory
 * @param cpuTimeNanos CPU time since its start
 * @param startedAtSeconds its start, UNIX seconds
 */
public record ProcessNumbers(long pid, long threads, long residentBytes, long cpuTimeNanos, long startedAtSeconds) {}
