// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

/**
 * The number of nodes in each state.
 *
 * @param live beat, and mean to go on
 * @param draining beat, and are about to leave
 * @param stale have been silent for longer than they are good for, and could not be given up because the store is away
 */
public record NodeStates(int live, int draining, int stale) {}
