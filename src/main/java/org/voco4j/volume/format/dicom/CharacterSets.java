package org.voco4j.volume.format.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The character sets of Specific Character Set (PS3.3 section C.12.1.1.2) under Java's names. */
final class CharacterSets {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("192", "UTF-8"),
            Map.entry("100", "ISO-8859-1"),
            Map.entry("101", "ISO-8859-2"),
            Map.entry("109", "ISO-8859-3"),
            Map.entry("110", "ISO-8859-4"),
            Map.entry("144", "ISO-8859-5"),
            Map.entry("127", "ISO-8859-6"),
            Map.entry("126", "ISO-8859-7"),
            Map.entry("138", "ISO-8859-8"),
            Map.entry("148", "ISO-8859-9"),
            Map.entry("203", "ISO-8859-15"),
            Map.entry("166", "TIS-620"),
            Map.entry("13", "Shift_JIS"),
            Map.entry("87", "ISO-2022-JP"),
            Map.entry("159", "ISO-2022-JP"),
            Map.entry("149", "EUC-KR"),
            Map.entry("58", "GB2312"),
            Map.entry("GB18030", "GB18030"),
            Map.entry("GBK", "GBK"));

    private CharacterSets() {}

    /**
     * What to read text with. Of several between which escapes switch it is the last that is known, which has the others'
     * letters in all but mixed text; Latin-1, which loses no byte, for unknown ones.
     */
    static Charset of(List<String> terms) {
        Charset charset = StandardCharsets.ISO_8859_1;
        for (String term : terms) {
            String name = NAMES.get(term.replaceFirst("^ISO[_ ](IR|2022 IR) ", ""));
            if (name != null && Charset.isSupported(name)) {
                charset = Charset.forName(name);
            }
        }
        return charset;
    }
}
