// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.NodeTotals.ProcessTotals;
import org.jspecify.annotations.Nullable;

/**
 * The response of the store to an upload.
 *
 * @param highWaterMark the number of the last window of the uid that is rolled up; 0 for none
 * @param isConflict whether another writer holds the uid, so that nothing was rolled up
 * @param totals the totals of the node's process at the end of that window; null if unknown, or if the upload was accepted
 */
public record UploadResult(
        long highWaterMark, boolean isConflict, @Nullable ProcessTotals totals) {

    /** Returns the response of a store that has no other writer and no totals. */
    public static UploadResult of(long highWaterMark) {
        return new UploadResult(highWaterMark, false, null);
    }
}
