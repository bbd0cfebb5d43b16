// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

/**
 * The number of nodes in each state.
 *
 * @param live nodes that publish beats and have not announced their departure
 * @param draining nodes that publish beats and have announced their departure
 * @param stale nodes that published no beat within their TTL and are not evicted, because the store is not reachable
 */
public record NodeStateCounts(int live, int draining, int stale) {}
