// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import io.tacho.sketch.Encoded;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as base64, without padding, and keeps the text of the last one: the beats of a node repeat the values of a
 * window until the next window ends.
 *
 * <p>Thread safety: safe; threads that race encode the same value more than once.
 */
final class LastText {

    private record Text(byte[] bytes, byte[] base64) {}

    private volatile @Nullable Text last;

    /** {@return the base64 text of a value; not a copy} */
    byte[] of(Encoded<?> value) {
        Text known = last;
        if (known == null || known.bytes() != value.bytes()) {
            known = new Text(value.bytes(), Base64.getEncoder().withoutPadding().encode(value.bytes()));
            last = known;
        }
        return known.base64();
    }
}
