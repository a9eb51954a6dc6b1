package org.voco4j.program.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.recipe.UsageException;

class ArchiveLoginTest {
    private static final String TOKEN = "VOCO_DICOMWEB_TOKEN";
    private static final String USER = "VOCO_DICOMWEB_USER";
    private static final String PASSWORD = "VOCO_DICOMWEB_PASSWORD";

    /** The example of RFC 7617 section 2. */
    @Test
    void basicAndBearer() {
        assertThat(ArchiveLogin.of(Map.of(USER, "Aladdin", PASSWORD, "open sesame"))
                        .header())
                .isEqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assertThat(ArchiveLogin.of(Map.of(TOKEN, " abc.def\n")).header()).isEqualTo("Bearer abc.def");
        assertThat(ArchiveLogin.of(Map.of()).header()).isNull();
    }

    @Test
    void whatCannotBeSentIsRefusedWithoutItsValue() {
        for (Map<String, String> wrong : List.of(
                Map.of(TOKEN, "sec\nret"),
                Map.of(TOKEN, "secret", USER, "secret"),
                Map.of(USER, "secret"),
                Map.of(PASSWORD, "secret"),
                Map.of(USER, "sec:ret", PASSWORD, "secret"))) {
            assertThatThrownBy(() -> ArchiveLogin.of(wrong))
                    .isInstanceOf(UsageException.class)
                    .message()
                    .doesNotContain("ret\n", "secret", "sec:ret")
                    .contains("VOCO_DICOMWEB_");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://me:secret@host/web, expected an address without a login",
        "https://host/web?token=secret, expected an address without a login",
        "ftp://host/web, expected an address such as",
        "host/web, expected an address such as",
        "https:///web, expected an address such as",
        "https://a b/web, expected an address such as"
    })
    void addressesThatAreNone(String url, String sentence) {
        assertThatThrownBy(() -> DicomWeb.at(url, Map.of(), new PretrainFixture.Ears()))
                .isInstanceOf(UsageException.class)
                .message()
                .contains("--dicomweb: " + sentence)
                .doesNotContain("secret");
    }

    @Test
    void aLoginInTheOpenIsWarnedOf() {
        PretrainFixture.Ears ears = new PretrainFixture.Ears();
        Map<String, String> login = Map.of(TOKEN, "secret");
        DicomWeb.at("http://localhost:1/web", login, ears);
        DicomWeb.at("https://pacs.example/web", login, ears);
        DicomWeb.at("http://pacs.example/web", Map.of(), ears);
        assertThat(ears.warnings).isEmpty();
        DicomWeb.at("http://pacs.example/web", login, ears);
        assertThat(ears.warnings).singleElement().asString().contains("https://");
    }
}
