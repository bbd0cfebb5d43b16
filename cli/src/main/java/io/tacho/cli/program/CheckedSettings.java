// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import java.util.function.Predicate;

/** A command that can check its settings without running, so that all errors of a command line are reported at once. */
public interface CheckedSettings {

    /**
     * Checks the settings of a command line that could not be read as a whole.
     *
     * @param isUnreadable whether a setting has its default, because the given value could not be read
     * @throws IllegalArgumentException naming all invalid settings, one per line
     */
    void check(Predicate<String> isUnreadable);
}
