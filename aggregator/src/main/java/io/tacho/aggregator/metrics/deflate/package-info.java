// SPDX-License-Identifier: Apache-2.0
/**
 * Compression of records that resemble the ones before them, such as the samples of a family of metrics.
 *
 * <p>Data flow: {@code Records} → {@code RecordDeflater} → {@code SampleDeflater}, with the {@code BlockCodes} of the samples and
 * the {@code LabelBits} of the nodes → {@code BitOutput}.
 */
@NullMarked
package io.tacho.aggregator.metrics.deflate;

import org.jspecify.annotations.NullMarked;
