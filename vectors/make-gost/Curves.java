import java.math.BigInteger;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cryptopro.ECGOST3410NamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;

/** The parameter sets of RFC 7836 and RFC 4357 as Bouncy Castle knows them, in JSON. */
public final class Curves {
    /** Name in RFC 7836, RFC 9215 or RFC 4357; OID; where the numbers stand. */
    private static final List<String[]> SETS = List.of(
        set("id-GostR3410-2001-CryptoPro-A-ParamSet", "1.2.643.2.2.35.1", "RFC 4357 11.4"),
        set("id-GostR3410-2001-CryptoPro-B-ParamSet", "1.2.643.2.2.35.2", "RFC 4357 11.4"),
        set("id-GostR3410-2001-CryptoPro-C-ParamSet", "1.2.643.2.2.35.3", "RFC 4357 11.4"),
        set("id-GostR3410-2001-CryptoPro-XchA-ParamSet", "1.2.643.2.2.36.0", "RFC 4357 11.4, as CryptoPro-A"),
        set("id-GostR3410-2001-CryptoPro-XchB-ParamSet", "1.2.643.2.2.36.1", "RFC 4357 11.4, as CryptoPro-C"),
        set("id-tc26-gost-3410-2012-256-paramSetA", "1.2.643.7.1.2.1.1.1", "RFC 7836 A.2"),
        set("id-tc26-gost-3410-2012-512-paramSetA", "1.2.643.7.1.2.1.2.1", "RFC 7836 A.1"),
        set("id-tc26-gost-3410-2012-512-paramSetB", "1.2.643.7.1.2.1.2.2", "RFC 7836 A.1"),
        set("id-tc26-gost-3410-2012-512-paramSetC", "1.2.643.7.1.2.1.2.3", "RFC 7836 A.2"));

    private static String[] set(String... fields) {
        return fields;
    }

    public static void main(String[] args) {
        System.out.println("[");
        for (int i = 0; i < SETS.size(); i++) {
            System.out.println(line(SETS.get(i)) + (i + 1 < SETS.size() ? "," : ""));
        }
        System.out.println("]");
    }

    private static String line(String[] set) {
        X9ECParameters curve = ECGOST3410NamedCurves.getByOIDX9(new ASN1ObjectIdentifier(set[1]));
        if (curve == null) throw new IllegalStateException("Bouncy Castle has no " + set[1]);
        BigInteger p = curve.getCurve().getField().getCharacteristic();
        int digits = p.bitLength() > 256 ? 128 : 64;
        return String.join(",",
            "{" + member("name", set[0]), member("oid", set[1]), member("from", set[2]),
            number("p", p, digits),
            number("a", curve.getCurve().getA().toBigInteger(), digits),
            number("b", curve.getCurve().getB().toBigInteger(), digits),
            number("q", curve.getN(), digits),
            number("x", curve.getG().getAffineXCoord().toBigInteger(), digits),
            number("y", curve.getG().getAffineYCoord().toBigInteger(), digits),
            "\"cofactor\":" + curve.getH() + "}");
    }

    private static String member(String name, String value) {
        return "\"" + name + "\":\"" + value + "\"";
    }

    private static String number(String name, BigInteger value, int digits) {
        return member(name, "0".repeat(digits - value.toString(16).length()) + value.toString(16));
    }
}
