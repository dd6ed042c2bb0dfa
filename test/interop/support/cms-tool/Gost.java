import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.spec.ECNamedCurveGenParameterSpec;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Keys of GOST R 34.10-2012 made by Bouncy Castle, each in a certificate signed with itself. */
final class Gost {
    /** `curve`: Bouncy Castle's name of the parameter set; `bits`: 256 or 512. */
    static String identity(Request request) throws Exception {
        String bits = request.text("bits");
        var generator = KeyPairGenerator.getInstance("ECGOST3410-2012", "BC");
        generator.initialize(new ECNamedCurveGenParameterSpec(request.text("curve")));
        KeyPair pair = generator.generateKeyPair();
        var name = new X500Name("CN=" + request.text("curve"));
        var day = 86_400_000L;
        var now = System.currentTimeMillis();
        var builder = new JcaX509v3CertificateBuilder(
            name, BigInteger.valueOf(now), new Date(now - day), new Date(now + day), name, pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.subjectKeyIdentifier, false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        var signer = new JcaContentSignerBuilder("GOST3411-2012-" + bits + "WITHECGOST3410-2012-" + bits)
            .setProvider("BC").build(pair.getPrivate());
        return Json.object(
            "key", Json.bytes(pair.getPrivate().getEncoded()),
            "certificate", Json.bytes(builder.build(signer).getEncoded()));
    }
}
