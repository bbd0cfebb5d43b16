// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

/**
 * A value that the environment or the file gives a setting.
 *
 * @param value as it stands there
 * @param origin where that is, e.g. {@code environment TACHO_TTL} or {@code /etc/tacho.properties:3}
 * @param subject what an error begins with: where it is and its name there
 */
record ResolvedValue(String value, String origin, String subject) {

    static ResolvedValue environment(String variable, String value) {
        return new ResolvedValue(value, "environment " + variable, variable);
    }

    static ResolvedValue line(String place, String key, String value) {
        return new ResolvedValue(value, place, place + ": " + key);
    }

    /** Shows no value: it may be a secret. */
    @Override
    public String toString() {
        return subject;
    }
}
