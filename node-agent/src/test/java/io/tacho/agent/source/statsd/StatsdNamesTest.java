// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.Extras;
import io.tacho.model.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsdNamesTest {

    @TempDir
    Path directory;

    private StatsdNames mapping(String text) throws IOException {
        return StatsdNames.withMapping(Files.writeString(directory.resolve("names"), text));
    }

    private static Field field(StatsdNames names, String line) throws Rejected {
        return names.field(StatsdLine.parse(line));
    }

    @ParameterizedTest
    @CsvSource({
        "tacho.num_clients:1|g, NUM_CLIENTS",
        "tacho.num_unique_clients:anna|s, NUM_UNIQUE_CLIENTS",
        "tacho.num_unique_clients:5|g, NUM_UNIQUE_CLIENTS",
        "tacho.num_msg_sent:5|c, NUM_MSG_SENT",
        "tacho.time_api:5|ms, TIME_API_MEAN",
        "tacho.time_client:5|ms, TIME_CLIENT_MEAN",
    })
    void documentedName_isMappedToField(String line, Field field) throws Rejected {
        assertThat(field(StatsdNames.documented(), line)).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({
        "num_clients:1|g, UNKNOWN_NAME",
        "tacho.time_api_max:1|ms, UNKNOWN_NAME",
        "tacho.uid:1|g, UNKNOWN_NAME",
        "tacho.num_clients:1|c, WRONG_TYPE",
        "tacho.num_clients:anna|s, WRONG_TYPE",
        "tacho.num_msg_sent:1|g, WRONG_TYPE",
        "tacho.time_api:1|c, WRONG_TYPE",
    })
    void otherNamesAndTypes_areRejected(String line, Rejected.Reason reason) {
        assertThatThrownBy(() -> field(StatsdNames.documented(), line))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.reason).isEqualTo(reason));
    }

    @Test
    void mapping_addsNames() throws Exception {
        StatsdNames names = mapping("# ours\nhub.sessions = num_clients \nhub.jobs=extra.jobs\n");

        assertThat(field(names, "hub.sessions:3|g")).isEqualTo(Field.NUM_CLIENTS);
        assertThat(field(names, "tacho.num_clients:3|g")).isEqualTo(Field.NUM_CLIENTS);
        assertThat(names.extra(StatsdLine.parse("hub.jobs:3|c"))).isEqualTo("jobs");
        assertThat(names.extra(StatsdLine.parse("hub.sessions:3|g"))).isNull();
    }

    @Test
    void mapping_toUnknownField_isRejected() {
        assertThatThrownBy(() -> mapping("hub.sessions = clients"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mapping: hub.sessions = 'clients' (expected: one of bytes_client_in, ")
                .hasMessageContaining("time_api, ")
                .hasMessageEndingWith(", or extra.NAME)");
    }

    @Test
    void mapping_toInvalidExtra_isRejected() {
        assertThatThrownBy(() -> mapping("hub.jobs = extra.Not valid"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mapping: hub.jobs = ")
                .hasMessageContaining("expected");
    }

    @Test
    void mapping_withTooManyExtras_isRejected() throws IOException {
        String most = lines(Extras.MAX_EXTRAS);
        mapping(most);

        assertThatThrownBy(() -> mapping(lines(Extras.MAX_EXTRAS + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mapping: " + (Extras.MAX_EXTRAS + 1) + " extra values (expected: at most "
                        + Extras.MAX_EXTRAS + ")");
    }

    private static String lines(int extras) {
        return IntStream.range(0, extras)
                .mapToObj(i -> "a" + i + " = extra.e" + i)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void mapping_missingFile_isReported() {
        assertThatThrownBy(() -> StatsdNames.withMapping(directory.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mapping: cannot read " + directory.resolve("none") + ", ")
                .hasMessageEndingWith(" (expected: a text file of lines like 'own.name = num_clients')");
    }

    @Test
    void withoutMapping_documentedNamesAreUsed() throws Rejected {
        assertThat(field(StatsdNames.withMapping(null), "tacho.num_clients:3|g"))
                .isEqualTo(Field.NUM_CLIENTS);
    }
}
