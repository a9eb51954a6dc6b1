package org.voco4j.program.archive;

import java.io.IOException;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an archive says after storing one object (PS3.18 section 10.5.3 and annex I.2). */
final class StoreAnswer {
    /** The status of an answer that tells why nothing was stored. */
    static final int CONFLICT = 409;

    private static final int STORED_WHOLLY = 200;
    private static final int HAD_IT = 0x0111; // duplicate SOP instance, PS3.7 annex C
    private static final int FULL = 0xA7; // out of resources, with any last byte
    private static final int MOST = 1 << 20; // bytes
    private static final String FAILED = "00081198";
    private static final String STORED = "00081199";
    private static final String INSTANCE = "00081155";
    private static final String FAILURE = "00081197";
    private static final String WARNING = "00081196";

    private StoreAnswer() {}

    /**
     * Reads the answer.
     *
     * @return the reason for a warning, such as {@code B000H}; empty if there is none
     * @throws ArchiveFailure if the archive has not the object now
     */
    static String of(Requests.Answer answer, String instance) throws IOException {
        byte[] body = answer.body().readNBytes(MOST);
        JsonNode said = document(body);
        JsonNode failed = entry(said.path(FAILED), instance);
        if (!failed.isMissingNode()) {
            int reason = failed.path(FAILURE).path("Value").path(0).asInt(0);
            if (reason == HAD_IT) {
                return "";
            }
            String sentence = answer.from() + ": the archive did not store " + instance + ", reason " + hex(reason);
            throw reason >> 8 == FULL ? ArchiveFailure.passing(sentence, null) : ArchiveFailure.lasting(sentence);
        }
        JsonNode stored = entry(said.path(STORED), instance);
        if (stored.isMissingNode() && answer.status() != STORED_WHOLLY) {
            String words = ServerWords.shortened(ServerWords.message(body));
            throw ArchiveFailure.lasting(answer.from() + ": the archive did not store " + instance + ", status "
                    + answer.status() + (words.isEmpty() ? "" : ", " + words));
        }
        int warning = stored.path(WARNING).path("Value").path(0).asInt(0);
        return warning == 0 ? "" : hex(warning);
    }

    private static JsonNode document(byte[] body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException other) { // XML, as other archives have it
            return JsonMapper.shared().missingNode();
        }
    }

    private static JsonNode entry(JsonNode sequence, String instance) {
        for (JsonNode entry : sequence.path("Value")) {
            if (DicomWeb.text(entry, INSTANCE).equals(instance)) {
                return entry;
            }
        }
        return JsonMapper.shared().missingNode();
    }

    private static String hex(int reason) {
        return String.format(Locale.ROOT, "%04XH", reason);
    }
}
