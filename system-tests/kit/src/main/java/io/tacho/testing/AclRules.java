// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ACL rules of core/README.md. */
public final class AclRules {

    /** The password in core/README.md. */
    public static final String PASSWORD = "change-me";

    private static final Pattern PERMISSION = Pattern.compile("[+~&][^ ()]+");

    /** A word of a rule, or one parenthesized selector. */
    private static final Pattern WORD = Pattern.compile("\\([^)]*\\)|[^ ]+");

    private AclRules() {}

    /**
     * Returns the rules as options of a redis-server.
     *
     * @param deployment the name in the marker before the block: {@code server} or {@code cluster}
     */
    public static String[] options(String deployment) throws IOException {
        List<String> options = new ArrayList<>();
        for (String line : lines(deployment)) {
            List<String> words = Arrays.asList(line.split(" +"));
            options.add("--" + words.get(0));
            options.addAll(words.subList(1, words.size()));
        }
        return options.toArray(new String[0]);
    }

    /** Returns the rules as lines of a configuration file. */
    public static List<String> lines(String deployment) throws IOException {
        Pattern block =
                Pattern.compile("<!-- tested by RedisAclIT: " + deployment + " -->\n```text\n(.*?)```", Pattern.DOTALL);
        Matcher found = block.matcher(Files.readString(Path.of("..", "core", "README.md")));
        if (!found.find()) {
            throw new IllegalStateException("no rules for " + deployment + " in core/README.md");
        }
        return found.group(1).replaceAll("\n +", " ").lines().toList();
    }

    /** {@return each permission of a rule, with the rule without that permission} */
    public static List<String[]> permissions(String rule) {
        return PERMISSION
                .matcher(rule)
                .results()
                .map(match -> new String[] {
                    match.group(),
                    (rule.substring(0, match.start()) + rule.substring(match.end())).replaceAll(" +", " ")
                })
                .toList();
    }

    /** Resets a user of a running server to a rule. */
    public static void setUser(String rule, RedisCommands<String, String> admin) {
        // "user NAME on …"
        List<String> words = new ArrayList<>(WORD.matcher(rule.substring("user ".length()))
                .results()
                .map(MatchResult::group)
                .toList());
        words.add(1, "reset");
        words.add(0, "SETUSER");
        admin.dispatch(
                CommandType.ACL,
                new StatusOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8).addValues(words));
    }
}
