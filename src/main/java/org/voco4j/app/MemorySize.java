package org.voco4j.app;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an amount of memory: {@code 12G}, {@code 800M}, {@code 1.5GiB}; K, M, G and T are powers of 1024. */
final class MemorySize implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT])I?B?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGT";

    @Override
    public Long convert(String text) {
        Matcher match = FORM.matcher(text.strip());
        if (!match.matches()) {
            throw new TypeConversionException("'" + text + "' is no amount of memory; write 12G or 800M");
        }
        int power = 1 + UNITS.indexOf(match.group(2).toUpperCase(Locale.ROOT));
        return Math.round(Double.parseDouble(match.group(1)) * Math.pow(1024, power));
    }
}
