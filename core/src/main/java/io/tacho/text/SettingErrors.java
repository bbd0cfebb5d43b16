// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Collects the errors of several settings, so that all of them are reported at once.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class SettingErrors {

    private final List<String> messages = new ArrayList<>();

    /**
     * Records an error unless the setting is valid.
     *
     * @param message returns the setting, the found and the expected value
     * @return true if the setting is valid
     */
    public boolean require(boolean isValid, Supplier<String> message) {
        if (!isValid) {
            messages.add(message.get());
        }
        return isValid;
    }

    /** Returns the value that a supplier creates; if it rejects a setting, records that error and returns the fallback. */
    public <T> T valueOr(Supplier<? extends T> value, T fallback) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            messages.add(String.valueOf(e.getMessage()));
            return fallback;
        }
    }

    /** Returns true if there are errors. */
    public boolean isAny() {
        return !messages.isEmpty();
    }

    /**
     * Reports the recorded errors.
     *
     * @throws IllegalArgumentException with one line per error, if there are any
     */
    public void throwIfAny() {
        if (isAny()) {
            throw new IllegalArgumentException(String.join("\n", messages));
        }
    }
}
