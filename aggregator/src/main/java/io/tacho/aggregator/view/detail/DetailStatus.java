// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view.detail;

/**
 * The memory of the nodes' histograms, sketches and extra values.
 *
 * @param bytes the estimated memory in use
 * @param maxBytes the limit
 * @param nodes the number of nodes with histograms or sketches
 * @param droppedNodes the number of nodes that ship detail which is not retained
 * @param drops how often the detail of a node's window was dropped since the start
 */
public record DetailStatus(long bytes, long maxBytes, int nodes, int droppedNodes, long drops) {}
