// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The first sentence of Javadoc states what is returned or done: it begins with a verb or a noun, not with a question word. */
class JavadocTest {

    private static final double LIMIT = 0.04;

    private static final List<String> MODULES = List.of(
            "core",
            "embedded-redis",
            "node-agent",
            "aggregator",
            "cli",
            "integrations/spring-boot-starter",
            "system-tests/kit");

    private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern QUESTION = Pattern.compile(
            "^[\\s*]*(?:\\{@return\\s+)?(What|Whether|How|Who|Whose|Of|Where|When|Which|Why)\\b",
            Pattern.CASE_INSENSITIVE);

    @Test
    void firstSentences_defineTheThing() throws IOException {
        List<String> questions = new ArrayList<>();
        int comments = 0;
        for (Path file : sources()) {
            Matcher matcher = COMMENT.matcher(Files.readString(file));
            while (matcher.find()) {
                comments++;
                if (QUESTION.matcher(matcher.group(1)).find()) {
                    questions.add(file.getFileName() + ": "
                            + matcher.group(1).strip().lines().findFirst().orElse(""));
                }
            }
        }
        assertThat(questions.size() / (double) comments)
                .as(
                        "share of Javadoc that begins with a question word: %s of %s, %s",
                        questions.size(), comments, questions)
                .isLessThan(LIMIT);
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> paths = Files.walk(Path.of("..", module, "src/main/java"))) {
                paths.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
            }
        }
        return files;
    }
}
