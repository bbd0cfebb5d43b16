// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.text.Glob;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {

    private static List<String> all(String line) {
        Tokenizer tokens = Tokenizer.tokenize(line);
        List<String> all = new ArrayList<>();
        while (tokens.peek() != null) {
            all.add(tokens.next("a token"));
        }
        return all;
    }

    @Test
    void operators_areTokensWithoutSpaces() {
        assertThat(all("a>=1<b<=c>d")).containsExactly("a", ">=", "1", "<", "b", "<=", "c", ">", "d");
    }

    @Test
    void operatorsInARow_areSeparateTokens() {
        assertThat(all(">>=<<=<")).containsExactly(">", ">=", "<", "<=", "<");
    }

    @Test
    void spaceOfAnyKind_separatesTokens() {
        assertThat(all(" \t a \t\tb=c ")).containsExactly("a", "b=c");
    }

    @Test
    void emptyLine_hasNoToken() {
        assertThat(all("")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.tokenize(" ").next("a word"))
                .withMessage("end of line (expected: a word)");
    }

    @Test
    void peek_removesNothing() {
        Tokenizer tokens = Tokenizer.tokenize("a b");

        assertThat(tokens.peek()).isEqualTo("a");
        assertThat(tokens.next("a token")).isEqualTo("a");
    }

    @Test
    void skipIfNext_removesOnlyTheGivenToken() {
        Tokenizer tokens = Tokenizer.tokenize("for 3");

        assertThat(tokens.skipIfNext("until")).isFalse();
        assertThat(tokens.skipIfNext("for")).isTrue();
        assertThat(tokens.skipIfNext("for")).isFalse();
        assertThat(tokens.peek()).isEqualTo("3");
    }

    @Test
    void skipIfNext_atTheEnd_isFalse() {
        assertThat(Tokenizer.tokenize("").skipIfNext("for")).isFalse();
    }

    @Test
    void lastToken_isRemovedByItsPrefixOnly() {
        Tokenizer tokens = Tokenizer.tokenize("severity=low x severity=high");

        assertThat(tokens.removeLastIfStartsWith("node=")).isNull();
        assertThat(tokens.removeLastIfStartsWith("severity=")).isEqualTo("severity=high");
        assertThat(tokens.removeLastIfStartsWith("severity=")).isNull();
        assertThat(tokens.next("a token")).isEqualTo("severity=low");
    }

    @Test
    void lastToken_ofAnEmptyLine_isNone() {
        assertThat(Tokenizer.tokenize("").removeLastIfStartsWith("a")).isNull();
    }

    @Test
    void nodeFilter_absent_matchesAnyNodeAndRemovesNothing() {
        Tokenizer tokens = Tokenizer.tokenize("for 3");

        assertThat(tokens.nextNodeFilterOrAny()).isEqualTo(Glob.ANY);
        assertThat(tokens.peek()).isEqualTo("for");
        assertThat(Tokenizer.tokenize("").nextNodeFilterOrAny()).isEqualTo(Glob.ANY);
    }

    @Test
    void nodeFilter_isAGlob() {
        assertThat(Tokenizer.tokenize("node=a=b*").nextNodeFilterOrAny()).isEqualTo(new Glob("a=b*"));
    }

    @Test
    void nodeFilter_withoutAName_isAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.tokenize("node= x").nextNodeFilterOrAny())
                .withMessage("'node=' (expected: node= and a name; * matches any text)");
    }

    @Test
    void expectEnd_namesTheNextToken() {
        Tokenizer.tokenize("").expectEnd("end of line");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.tokenize("x y").expectEnd("end of line"))
                .withMessage("'x' (expected: end of line)");
    }

    @ParameterizedTest
    @CsvSource({
        "rul, perhaps rule",
        "silense, perhaps silence",
        "elur, 'one of rule, silence'",
        "x, 'one of rule, silence'",
        "'', 'one of rule, silence'",
        "RULE, 'one of rule, silence'"
    })
    void suggestion_isTheMostSimilarValidToken(String misspelled, String suggestion) {
        assertThat(Tokenizer.suggestionFor(misspelled, List.of("rule", "silence")))
                .isEqualTo(suggestion);
    }
}
