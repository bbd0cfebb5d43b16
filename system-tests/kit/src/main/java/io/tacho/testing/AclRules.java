// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ACL rules of core/README.md, as they stand there. */
public final class AclRules {

    /** The password that stands in the document. */
    public static final String PASSWORD = "change-me";

    private AclRules() {}

    /**
     * As options of a redis-server.
     *
     * @param deployment the word in the mark before the block: {@code server} or {@code cluster}
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

    /** As lines of a configuration file. */
    public static List<String> lines(String deployment) throws IOException {
        Pattern block =
                Pattern.compile("<!-- tested by RedisAclIT: " + deployment + " -->\n```text\n(.*?)```", Pattern.DOTALL);
        Matcher found = block.matcher(Files.readString(Path.of("..", "core", "README.md")));
        if (!found.find()) {
            throw new IllegalStateException("no rules for " + deployment + " in core/README.md");
        }
        return found.group(1).replaceAll("\n +", " ").lines().toList();
    }
}
