// SPDX-License-Identifier: Apache-2.0
/**
 * Outlier detection: nodes whose metrics deviate from those of their peers, without configuration.
 *
 * <p>Data flow: {@code KnownNode} → {@code NodeSample} → {@code OutlierDetector} → {@code OutlierReport} → {@code /nodes}, {@code
 * /cluster}, {@code /metrics} and alerts. {@code Indicator} is the catalogue of what is compared; {@code PeerStatistics} computes the
 * median and the spread of a group; {@code OutlierService} runs the detector once per metrics interval.
 */
@NullMarked
package io.tacho.aggregator.outlier;

import org.jspecify.annotations.NullMarked;
