import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuerSerial;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.CMSSignedGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationStore;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.CollectionStore;

/**
 * Making messages. Each signer is a `key` (PKCS#8), a `certificate` and an `algorithm` (Bouncy Castle's name), in
 * turn. Flags: attached, ber, direct (no signed attributes), keyIdentifier (sid), signingCertificate,
 * noAlgorithmProtection. `include`: certificates put into the message.
 */
final class Sign {
    static byte[] message(Request request) throws Exception {
        if (request.has("ber")) return streamed(request);
        var generator = new CMSSignedDataGenerator();
        generator.setDefiniteLengthEncoding(true);
        addSigners(generator, request);
        var content = new CMSProcessableByteArray(request.bytes("content"));
        return generator.generate(content, request.has("attached")).getEncoded(ASN1Encoding.DER);
    }

    /** Indefinite lengths, and an attached content in small pieces: the BER that real producers write. */
    private static byte[] streamed(Request request) throws Exception {
        var generator = new CMSSignedDataStreamGenerator();
        generator.setBufferSize(16);
        addSigners(generator, request);
        var message = new ByteArrayOutputStream();
        try (var content = generator.open(message, request.has("attached"))) {
            content.write(request.bytes("content"));
        }
        return message.toByteArray();
    }

    /** Another parallel signer for `message`: the old SignerInfos stay as they are. */
    static byte[] addSigner(Request request) throws Exception {
        var old = Verify.read(request);
        var generator = new CMSSignedDataGenerator();
        generator.setDefiniteLengthEncoding(true);
        generator.addSigners(old.getSignerInfos());
        generator.addCertificates(old.getCertificates());
        addSigners(generator, request);
        boolean attached = !old.isDetachedSignature();
        return generator.generate(new CMSProcessableByteArray(request.bytes("content")), attached)
            .getEncoded(ASN1Encoding.DER);
    }

    private static void addSigners(CMSSignedGenerator generator, Request request) throws Exception {
        for (int i = 0; i < request.all("key").size(); i++) {
            generator.addSignerInfoGenerator(signerInfoGenerator(request, i));
        }
        for (byte[] der : request.all("include")) generator.addCertificate(new X509CertificateHolder(der));
    }

    private static SignerInfoGenerator signerInfoGenerator(Request request, int i) throws Exception {
        var certificate = new X509CertificateHolder(request.all("certificate").get(i));
        ContentSigner signer = contentSigner(new String(request.all("algorithm").get(i)), request.all("key").get(i));
        DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().setProvider("BC").build();
        var builder = new JcaSignerInfoGeneratorBuilder(digests);
        if (request.has("direct")) builder.setDirectSignature(true);
        else builder.setSignedAttributeGenerator(signedAttributes(request, certificate));
        if (!request.has("keyIdentifier")) return builder.build(signer, certificate);
        var ski = certificate.getExtension(Extension.subjectKeyIdentifier).getParsedValue();
        return builder.build(signer, SubjectKeyIdentifier.getInstance(ski).getKeyIdentifier());
    }

    /** A name as `SHA256withRSAandMGF1`, or `PSS/SHA-256/SHA-1/20`: hash, MGF1's hash, salt length. */
    private static ContentSigner contentSigner(String algorithm, byte[] pkcs8) throws Exception {
        var key = BouncyCastleProvider.getPrivateKey(PrivateKeyInfo.getInstance(pkcs8));
        if (!algorithm.startsWith("PSS/")) {
            return new JcaContentSignerBuilder(algorithm).setProvider("BC").build(key);
        }
        String[] words = algorithm.split("/");
        var spec = new PSSParameterSpec(words[1], "MGF1", new MGF1ParameterSpec(words[2]), Integer.parseInt(words[3]), 1);
        String name = words[1].replace("-", "") + "withRSAandMGF1";
        return new JcaContentSignerBuilder(name, spec).setProvider("BC").build(key);
    }

    /** Bouncy Castle's own set (content type, digest, time, algorithm protection), with what the request changes. */
    private static CMSAttributeTableGenerator signedAttributes(Request request, X509CertificateHolder certificate)
            throws Exception {
        var standard = new DefaultSignedAttributeTableGenerator();
        Attribute signingCertificate = signingCertificate(certificate);
        return parameters -> {
            AttributeTable attributes = standard.getAttributes(parameters);
            if (request.has("noAlgorithmProtection")) attributes = attributes.remove(CMSAttributes.cmsAlgorithmProtect);
            if (!request.has("signingCertificate")) return attributes;
            return attributes.add(signingCertificate.getAttrType(), signingCertificate.getAttributeValues()[0]);
        };
    }

    private static Attribute signingCertificate(X509CertificateHolder certificate) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        var issuer = new GeneralNames(new GeneralName(certificate.getIssuer()));
        var sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
        var id = new ESSCertIDv2(sha256, hash, new IssuerSerial(issuer, certificate.getSerialNumber()));
        return new Attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2, new DERSet(new SigningCertificateV2(id)));
    }

    /** Countersigns the first signer of `message`. */
    static byte[] countersign(Request request) throws Exception {
        var old = new CMSSignedData(request.bytes("message"));
        var generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(signerInfoGenerator(request, 0));
        SignerInformation first = old.getSignerInfos().iterator().next();
        var countersigners = generator.generateCounterSigners(first);
        var all = new ArrayList<>(old.getCertificates().getMatches(null));
        for (byte[] der : request.all("include")) all.add(new X509CertificateHolder(der));
        var message = CMSSignedData.replaceCertificatesAndCRLs(
            old, new CollectionStore<>(all), old.getAttributeCertificates(), old.getCRLs());
        return replaceFirst(message, SignerInformation.addCounterSigners(first, countersigners));
    }

    /** Puts `token` (a TimeStampToken) to the first signer of `message`. */
    static byte[] addTimestamp(Request request) throws Exception {
        var old = new CMSSignedData(request.bytes("message"));
        SignerInformation first = old.getSignerInfos().iterator().next();
        var unsigned = first.getUnsignedAttributes();
        if (unsigned == null) unsigned = new AttributeTable(new DERSet());
        var token = ASN1Primitive.fromByteArray(request.bytes("token"));
        unsigned = unsigned.add(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken, token);
        return replaceFirst(old, SignerInformation.replaceUnsignedAttributes(first, unsigned));
    }

    private static byte[] replaceFirst(CMSSignedData message, SignerInformation first) throws Exception {
        List<SignerInformation> signers = new ArrayList<>(message.getSignerInfos().getSigners());
        signers.set(0, first);
        return CMSSignedData.replaceSigners(message, new SignerInformationStore(signers)).getEncoded(ASN1Encoding.DER);
    }
}
