package org.voco4j.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandInTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "version https://git-lfs.github.com/spec/v1~oid sha256:4d7a~size 12345~ | a Git LFS pointer, not the file: git lfs pull",
                "../../.git/annex/objects/3k/Zq/SHA256E-s1--0.nii.gz/SHA256E-s1--0.nii.gz | a git-annex pointer",
                "/annex/objects/SHA256E-s12345--4d7a.pt~ | a git-annex pointer",
                "<!DOCTYPE html>~<html><title>Sign in</title> | an HTML page, not the file",
                "\u00ef\u00bb\u00bf  ~<HTML lang=en> | an HTML page",
                "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error> | an XML page",
                "'' | an empty file",
                "{\"training\": []} | -",
                "image,patient | -",
                "version of the data | -",
                "NRRD0004~type: short | -",
                "ObjectType = Image | -"
            })
    void isCalledWhatItIs(String content, String begins) throws IOException {
        byte[] bytes = content.replace('~', '\n').getBytes(StandardCharsets.ISO_8859_1);
        String found = StandIn.of(bytes);
        if (begins == null) {
            assertThat(found).isNull();
        } else {
            assertThat(found).startsWith(begins);
        }
        assertThat(StandIn.of(Files.write(folder.resolve("file"), bytes))).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none"})
    void foldersAndWhatIsNotThereAreNoBusinessOfIts(String name) throws IOException {
        assertThat(StandIn.of(folder.resolve(name))).isNull();
    }

    @Test
    void zerosAreNoneOfThem() throws IOException {
        assertThat(StandIn.of(Files.write(folder.resolve("zeros"), new byte[1 << 20])))
                .isNull();
    }
}
