package org.voco4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReasonTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aPathAloneIsNoSentence() {
        assertThat(FileReason.of(new AccessDeniedException("/data/x.nii.gz")))
                .isEqualTo("/data/x.nii.gz: permission denied");
        assertThat(FileReason.of(new FileSystemException("/data/x.nii.gz", null, "Read-only file system")))
                .isEqualTo("/data/x.nii.gz: read-only file system");
        assertThat(FileReason.of(new FileSystemException("/data/x.nii.gz")))
                .isEqualTo("/data/x.nii.gz: FileSystemException");
    }

    @Test
    void otherMessagesStayAsTheyAre() {
        assertThat(FileReason.of(new IOException("x.nii.gz: expected 3-D, found 4-D")))
                .isEqualTo("x.nii.gz: expected 3-D, found 4-D");
        assertThat(FileReason.of(new IOException())).isEqualTo("IOException");
    }

    @Test
    void whatIsMissingIsToldApart() throws IOException {
        Path none = folder.resolve("none.nii");
        Path deep = folder.resolve("no/such/none.nii");
        Path link = Files.createSymbolicLink(folder.resolve("link.nii"), Path.of("gone.nii"));
        assertThat(reason(none)).isEqualTo(none + ": no such file");
        assertThat(reason(deep)).isEqualTo(deep + ": there is no folder " + deep.getParent());
        assertThat(reason(link)).isEqualTo(link + ": a link whose target gone.nii does not exist");
        assertThat(FileReason.of(catchThrowable(() -> new FileInputStream(none.toFile()).close())))
                .isEqualTo(none + ": no such file or directory");
    }

    @Test
    void aFileWhereAFolderIsNeededIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(FileReason.of(catchThrowable(() -> Files.createDirectories(file))))
                .isEqualTo(file + ": a file of this name is there already");
        assertThat(FileReason.of(catchThrowable(() -> Files.newDirectoryStream(file))))
                .isEqualTo(file + ": it is no folder");
    }

    @Test
    void whatCannotBeWrittenIsNamedNotTheFileBesideIt() throws IOException {
        Path deep = folder.resolve("no/scan.nii");
        assertThatThrownBy(() -> AtomicFile.write(deep, "x"))
                .hasMessage(deep + " cannot be written: there is no folder " + deep.getParent());
        Path inFile = Files.writeString(folder.resolve("file"), "").resolve("scan.nii");
        assertThatThrownBy(() -> AtomicFile.write(inFile, "x"))
                .hasMessage(inFile + " cannot be written: not a directory");
        Path taken = Files.createDirectory(folder.resolve("taken"));
        assertThatThrownBy(() -> AtomicFile.write(taken, "x")).hasMessage(taken + " cannot be written: is a directory");
        assertThat(Files.exists(folder.resolve(".taken.part"))).isFalse();
    }

    @Test
    void aFailureOfWhatIsCopiedSpeaksOfThat() {
        Path from = folder.resolve("from");
        Throwable failure = catchThrowable(() -> AtomicFile.write(folder.resolve("to"), out -> Files.copy(from, out)));
        assertThat(FileReason.of(failure)).isEqualTo(from + ": no such file");
    }

    @Test
    void aNameThatHoldsTheReplacementItselfIsDecoded() {
        assertThat(FileReason.isUndecoded(folder.resolve("M\uFFFDller"))).isFalse();
    }

    private static String reason(Path file) {
        return FileReason.of(catchThrowable(() -> Files.newInputStream(file).close()));
    }
}
