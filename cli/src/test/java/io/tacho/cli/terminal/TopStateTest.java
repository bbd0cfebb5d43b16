// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Field;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopStateTest {

    private static final int PAGE = 20;

    private final TopState state = new TopState(
            List.of(Column.NAME, Column.of(Field.NUM_CLIENTS), Column.of(Field.CPU_USAGE)),
            NodeSort.NAME,
            NodeFilter.ALL);

    private void press(String... keys) {
        for (String key : keys) {
            state.press(key, PAGE);
        }
    }

    private void type(String text) {
        text.codePoints().forEach(point -> press(Character.toString(point)));
    }

    @ParameterizedTest
    @CsvSource({"c, CLIENTS", "u, CPU", "m, MEMORY", "p, PUBLISHED", "t, CLIENT_MAX"})
    void shortcut_sortsByItsColumnLargestFirst(String key, Column column) {
        press(key);

        assertThat(state.sort).isEqualTo(new NodeSort(column, true));
    }

    @Test
    void shortcut_pressedAgain_reversesTheOrder() {
        press("c", "c");

        assertThat(state.sort).isEqualTo(new NodeSort(Column.of(Field.NUM_CLIENTS), false));
    }

    @Test
    void r_reversesTheOrder() {
        press("r");

        assertThat(state.sort).isEqualTo(new NodeSort(Column.NAME, true));
    }

    @Test
    void s_sortsByState() {
        press("s");

        assertThat(state.sort.column()).isNull();
    }

    @Test
    void right_sortsByTheNextColumn() {
        press("RIGHT");

        assertThat(state.sort.column()).isEqualTo(Column.of(Field.NUM_CLIENTS));
    }

    @Test
    void right_afterTheLastColumn_sortsByState() {
        press("RIGHT", "RIGHT", "RIGHT");

        assertThat(state.sort.column()).isNull();
    }

    @Test
    void left_beforeTheState_sortsByTheLastColumn() {
        press("LEFT", "LEFT");

        assertThat(state.sort.column()).isEqualTo(Column.of(Field.CPU_USAGE));
    }

    @ParameterizedTest
    @CsvSource({"UP, 0", "k, 0", "DOWN, 0", "j, 0"})
    void arrows_selectARow_startingWithTheFirst(String key, int expected) {
        press(key);

        assertThat(state.cursor).isEqualTo(expected);
        press("DOWN");
        assertThat(state.cursor).isEqualTo(expected + 1);
    }

    /** Keys that arrive together are applied before the next frame. */
    @ParameterizedTest
    @ValueSource(strings = {"DOWN", "PAGE_DOWN"})
    void end_thenFurtherDown_staysAtTheLastRow(String key) {
        press("DOWN");
        press("END", key);

        state.fit(100, PAGE);

        assertThat(state.cursor).isEqualTo(99);
        assertThat(state.first).isEqualTo(80);
    }

    @Test
    void selectedRow_staysAmongTheRowsAndInSight() {
        press("DOWN");
        for (int i = 0; i < 30; i++) {
            press("DOWN");
        }
        state.fit(100, PAGE);
        assertThat(state.cursor).isEqualTo(30);
        assertThat(state.first).isEqualTo(11);

        press("END");
        state.fit(100, PAGE);
        assertThat(state.cursor).isEqualTo(99);
        assertThat(state.first).isEqualTo(80);

        state.fit(5, PAGE);
        assertThat(state.cursor).isEqualTo(4);
        assertThat(state.first).isZero();
        press("HOME");
        state.fit(0, PAGE);
        assertThat(state.cursor).isZero();
    }

    @Test
    void enter_withoutNodes_hasNoEffect() {
        press("ENTER");

        assertThat(state.detailUid).isNull();
    }

    @ParameterizedTest
    @CsvSource({"PAGE_UP, 0", "PAGE_DOWN, 20", "END, 1073741823"})
    void pages_changeTheFirstRow(String key, int expected) {
        press(key);

        assertThat(state.first).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOME", "g"})
    void home_showsTheFirstRow(String key) {
        press("PAGE_DOWN", key);

        assertThat(state.first).isZero();
    }

    @Test
    void space_pausesAndResumes() {
        press(" ");
        assertThat(state.paused).isTrue();

        press(" ");
        assertThat(state.paused).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", Keyboard.END_OF_INPUT})
    void quit_endsTheProgram(String key) {
        press(key);

        assertThat(state.done).isTrue();
    }

    @Test
    void help_isClosedByAnyKey_whichHasNoOtherEffect() {
        press("h", "q");

        assertThat(state.help).isFalse();
        assertThat(state.done).isFalse();
    }

    @Test
    void unknownKey_hasNoEffect() {
        press("UNKNOWN", "x");

        assertThat(state.sort).isEqualTo(NodeSort.NAME);
        assertThat(state.first).isZero();
    }

    @Test
    void filter_typedAndEntered_isAppliedFromTheFirstRow() {
        press("PAGE_DOWN", "/");
        type("chat cpu>50");
        press("ENTER");

        assertThat(state.filter).hasToString("chat cpu>50");
        assertThat(state.typed).isNull();
        assertThat(state.first).isZero();
    }

    @Test
    void filter_typing_treatsShortcutsAsText() {
        press("/");
        type("cq");

        assertThat(state.typed).hasToString("cq");
        assertThat(state.done).isFalse();
    }

    @Test
    void filter_invalid_staysOpenWithTheProblem() {
        press("/");
        type("cpu>x");
        press("ENTER");

        assertThat(state.typed).hasToString("cpu>x");
        assertThat(state.problem).startsWith("cpu>x: 'x' (expected: ");
        assertThat(state.filter).isSameAs(NodeFilter.ALL);
    }

    @Test
    void filter_escapeWhileTyping_keepsTheOldFilter() {
        press("/");
        type("chat");
        press("ENTER", "/");
        type("-1");
        press("ESCAPE");

        assertThat(state.filter).hasToString("chat");
        assertThat(state.typed).isNull();
    }

    @Test
    void filter_escapeAfterwards_removesTheFilter() {
        press("/");
        type("chat");
        press("ENTER", "ESCAPE");

        assertThat(state.filter).isSameAs(NodeFilter.ALL);
    }

    @Test
    void backspace_removesOneCharacterOutsideTheBasicPlane() {
        press("/");
        type("a😀");
        press("BACKSPACE");

        assertThat(state.typed).hasToString("a");
    }

    @Test
    void backspace_onEmptyText_hasNoEffect() {
        press("/", "BACKSPACE");

        assertThat(state.typed).hasToString("");
    }

    @Test
    void clear_removesTheTypedText() {
        press("/");
        type("chat");
        press("CLEAR");

        assertThat(state.typed).hasToString("");
    }

    @Test
    void endOfInput_whileTyping_endsTheProgram() {
        press("/", Keyboard.END_OF_INPUT);

        assertThat(state.done).isTrue();
    }
}
