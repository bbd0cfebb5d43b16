// SPDX-License-Identifier: Apache-2.0
package io.tacho.debian;

import io.tacho.cli.Tacho;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual pages, as AsciiDoc, and the completion script of the program. */
public final class ManPages {

    private ManPages() {}

    /**
     * Writes a page for the program and one for each subcommand.
     *
     * @param arguments the directory of the pages, and the file of the completion script
     */
    public static void main(String... arguments) throws IOException {
        Path pages = Path.of(arguments[0]);
        Path completion = Path.of(arguments[1]);
        CommandLine tacho = Tacho.commandLine();
        Files.createDirectories(completion.toAbsolutePath().getParent());
        Files.writeString(completion, AutoComplete.bash("tacho", tacho));
        int status =
                ManPageGenerator.generateManPage(pages.toFile(), null, new boolean[0], false, tacho.getCommandSpec());
        if (status != 0) {
            throw new IOException("manual pages: status " + status + " (expected: 0)");
        }
    }
}
