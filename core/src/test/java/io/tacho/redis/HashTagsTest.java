// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashTagsTest {

    private static final Path README = Path.of("README.md");

    private static String numbers(String namespace, int partitions) {
        return IntStream.of(HashTags.numbers(namespace, partitions))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }

    /** Returns the number of partitions per master, for masters with contiguous slot ranges of equal size. */
    private static int[] countPerMaster(int masters, String namespace, int[] numbers) {
        int[] partitions = new int[masters];
        for (int number : numbers) {
            int slot = SlotHash.getSlot("{" + namespace + ":" + number + "}:nodes");
            int master = IntStream.range(0, masters)
                    .filter(i -> slot < SlotHash.SLOT_COUNT * (i + 1) / masters)
                    .findFirst()
                    .orElseThrow();
            partitions[master]++;
        }
        return partitions;
    }

    /** With 8 partitions and 12 masters, the optimum is four masters without a partition. */
    @ParameterizedTest
    @CsvSource({
        " 8,  3, 2 3 3",
        " 8,  6, 1 1 2 1 1 2",
        " 8, 12, 0 1 1 0 1 1 0 1 1 0 1 1",
        "16,  3, 5 5 6",
        "16,  6, 2 3 3 2 3 3",
        "16, 12, 1 1 2 1 1 2 1 1 2 1 1 2",
        "32,  3, 10 11 11",
        "32,  6, 5 5 6 5 5 6",
        "32, 12, 2 3 3 2 3 3 2 3 3 2 3 3",
    })
    void partitionsPerMaster_areBalanced(int partitions, int masters, String expected) {
        assertThat(countPerMaster(masters, "tacho", HashTags.numbers("tacho", partitions)))
                .containsExactly(Arrays.stream(expected.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tacho", "a", "live", "tacho-2", "prod.eu_1"})
    void partitionsPerMaster_differByAtMostOne_inAnyNamespace(String namespace) {
        for (int partitions : new int[] {2, 4, 8, 16, 32}) {
            int[] numbers = HashTags.numbers(namespace, partitions);
            for (int masters = 2; masters <= 32; masters++) {
                int[] countPerMaster = countPerMaster(masters, namespace, numbers);
                int most = Arrays.stream(countPerMaster).max().orElseThrow();
                int fewest = Arrays.stream(countPerMaster).min().orElseThrow();
                assertThat(most - fewest)
                        .as("%d partitions of %s: %s", partitions, namespace, Arrays.toString(countPerMaster))
                        .isLessThanOrEqualTo(1);
            }
        }
    }

    /** After an increase to a multiple, every old partition is also a new one, so no data is left behind. */
    @ParameterizedTest
    @CsvSource({"1, 3", "1, 8", "2, 4", "4, 8", "8, 16", "16, 32", "3, 12", "5, 1000"})
    void tags_areSubsetOfTagsOfMultiple(int few, int many) {
        int[] ofMany = HashTags.numbers("tacho", many);
        int[] ofFew = HashTags.numbers("tacho", few);

        for (int partition = 0; partition < few; partition++) {
            assertThat(ofFew[partition]).isEqualTo(ofMany[partition * many / few]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 1000, 1024})
    void numbers_areDistinct_firstIsZero(int partitions) {
        int[] numbers = HashTags.numbers("tacho", partitions);

        assertThat(numbers).hasSize(partitions).doesNotHaveDuplicates();
        assertThat(numbers[0]).isZero();
    }

    /** Other programs compute the same tags with this script. */
    @ParameterizedTest
    @ValueSource(strings = {"tacho 2", "tacho 4", "tacho 8", "tacho 16", "tacho 32", "live 8", "tacho 12"})
    void numbers_matchReadmeScript(String arguments) throws Exception {
        String script = Files.readString(README)
                .split("<!-- tested by HashTagsTest[^>]*>\n```python\n")[1]
                .split("```")[0];
        List<String> command = new ArrayList<>(List.of("python3", "-c", script));
        command.addAll(List.of(arguments.split(" ")));
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();

        String output = new String(python.getInputStream().readAllBytes(), UTF_8);

        String[] given = arguments.split(" ");
        assertThat(output.strip()).isEqualTo(numbers(given[0], Integer.parseInt(given[1])));
    }

    /** Programs that do not compute the tags use this table of the README. */
    @Test
    void numbersOfDefaultNamespace_matchReadmeTable() throws Exception {
        List<String> rows = Files.readAllLines(README).stream()
                .filter(line -> line.matches("\\| [0-9]+ \\| `0 [0-9 ]+` \\|.*"))
                .toList();

        assertThat(rows).hasSize(5);
        for (String row : rows) {
            String[] cells = row.split(" *\\| *");
            assertThat(numbers("tacho", Integer.parseInt(cells[1]))).isEqualTo(cells[2].replace("`", ""));
        }
    }
}
