// SPDX-License-Identifier: Apache-2.0
/**
 * The memory of the histograms, sketches and extra values of all nodes.
 *
 * <p>Data flow: a beat's {@code WindowDetail} → {@code NodeDetail} → {@code DetailBudget}, whose {@code DetailQueue}s contain the least
 * needed detail first. {@code DetailStatus} states how much memory is used and how much was dropped.
 */
@NullMarked
package io.tacho.aggregator.view.detail;

import org.jspecify.annotations.NullMarked;
