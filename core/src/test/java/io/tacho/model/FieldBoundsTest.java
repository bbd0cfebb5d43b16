// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.testing.Snapshots;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the bounds of the 22 fields and their error messages. */
class FieldBoundsTest {

    private static final NodeSnapshot SNAPSHOT = Snapshots.snapshot("u1", "name");

    static Stream<Field> numbers() {
        return Stream.of(Field.values()).filter(Field::isNumber);
    }

    private static NodeSnapshot with(Field field, long value) {
        return SNAPSHOT.toBuilder().set(field, value).build();
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void number_atBounds_isAccepted(Field field) {
        assertThat(with(field, 0).number(field)).isZero();
        assertThat(with(field, NodeSnapshot.MAX_VALUE).number(field)).isEqualTo(NodeSnapshot.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void number_negative_isRejected(Field field) {
        assertThatThrownBy(() -> with(field, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(field.wireName() + ": -1 (expected: 0 to 9007199254740991)");
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void number_above2To53Minus1_isRejected(Field field) {
        assertThatThrownBy(() -> with(field, NodeSnapshot.MAX_VALUE + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(field.wireName() + ": 9007199254740992 (expected: 0 to 9007199254740991)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "!", "~", "0b6ee1a2-5c3e-4d5f-8a70-9d1f3e6c2b11"})
    void uid_printableAscii_isAccepted(String uid) {
        assertThat(Snapshots.snapshot(uid, "name").uid()).isEqualTo(uid);
    }

    @Test
    void uid_ofMaximumLength_isAccepted() {
        assertThat(Snapshots.snapshot("u".repeat(128), "name").uid()).hasSize(128);
    }

    @Test
    void uid_missingEmptyOrTooLong_isRejected() {
        assertThatThrownBy(() -> Snapshots.snapshot("", "name")).hasMessage("uid: 0 characters (expected: 1 to 128)");
        assertThatThrownBy(() -> Snapshots.snapshot("u".repeat(129), "name"))
                .hasMessage("uid: 129 characters (expected: 1 to 128)");
        assertThatThrownBy(() -> Snapshots.snapshot(null, "name")).hasMessage("uid: missing (expected: 1 to 128)");
    }

    @Test
    void uid_withInvalidCharacter_isRejected_withPosition() {
        assertThatThrownBy(() -> Snapshots.snapshot("a b", "name"))
                .hasMessage("uid: character U+0020 at index 1 (expected: printable ASCII without spaces)");
        assertThatThrownBy(() -> Snapshots.snapshot("aü", "name"))
                .hasMessageStartingWith("uid: character U+00FC at index 1");
        assertThatThrownBy(() -> Snapshots.snapshot("\u007f", "name"))
                .hasMessageStartingWith("uid: character U+007F at index 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "chat 1", "日本", "node-😀"})
    void name_ofUnicodeCharacters_isAccepted(String name) {
        assertThat(Snapshots.snapshot("u1", name).name()).isEqualTo(name);
    }

    @Test
    void name_emptyOrTooLong_isRejected() {
        assertThatThrownBy(() -> Snapshots.snapshot("u1", "")).hasMessage("name: 0 characters (expected: 1 to 255)");
        assertThatThrownBy(() -> Snapshots.snapshot("u1", "n".repeat(256)))
                .hasMessage("name: 256 characters (expected: 1 to 255)");
    }

    @Test
    void name_withControlCharacter_isRejected_withPosition() {
        assertThatThrownBy(() -> Snapshots.snapshot("u1", "a\nb"))
                .hasMessage("name: control character U+000A at index 1 (expected: printable characters)");
    }

    @Test
    void name_withUnpairedSurrogate_isRejected_withPosition() {
        assertThatThrownBy(() -> Snapshots.snapshot("u1", "ab\ud83d"))
                .hasMessage("name: half a surrogate pair at index 2 (expected: Unicode characters)");
        assertThatThrownBy(() -> Snapshots.snapshot("u1", "\ude00"))
                .hasMessageStartingWith("name: half a surrogate pair");
    }
}
