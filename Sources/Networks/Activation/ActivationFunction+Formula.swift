extension ActivationFunction {
  /// The definition, as text.
  public var formula: String {
    switch self {
    case .linear: "z"
    case .relu: "max(z, 0)"
    case .leakyReLU(let slope): "z for z > 0, \(slope) z otherwise"
    case .twoSlope(let positive, let negative): "\(positive) z for z > 0, \(negative) z otherwise"
    case .abs: "|z|"
    case .step: "1 for z > 0, 0 otherwise"
    case .sign: "sign(z)"
    case .reluSquared: "max(z, 0)²"
    case .erf: "erf(z)"
    case .gelu: "z Φ(z) = ½ z erfc(−z/√2)"
    case .geluTanh: "½ z (1 + tanh(√(2/π) (z + 0.044715 z³)))"
    case .silu: "z / (1 + e^−z)"
    case .tanh: "tanh(z)"
    case .sigmoid: "1 / (1 + e^−z)"
    case .softplus: "log(1 + e^z)"
    case .sin: "sin(z)"
    case .cos: "cos(z)"
    case .exp: "e^z"
    case .gaussian: "e^(−z²)"
    case .monomial(let degree): "z^\(degree)"
    case .hermite(let degree): "He_\(degree)(z)"
    case .elu(let alpha): "z for z > 0, \(alpha) (e^z − 1) otherwise"
    case .polynomial(let coefficients):
      coefficients.enumerated().map { "\($1) z^\($0)" }.joined(separator: " + ")
    }
  }

  /// Where the function was introduced as an activation, or as one whose wide networks can be solved.
  public var citation: String {
    switch self {
    case .linear: "Saxe, McClelland and Ganguli 2014, arXiv:1312.6120"
    case .relu: "Nair and Hinton 2010, ICML"
    case .leakyReLU: "Maas, Hannun and Ng 2013, ICML workshop"
    case .twoSlope, .abs: "Roberts, Yaida and Hanin 2022, arXiv:2106.10165, section 5.2"
    case .step, .sign: "McCulloch and Pitts 1943, doi:10.1007/BF02478259"
    case .reluSquared: "So et al. 2021, arXiv:2109.08668"
    case .erf: "Williams 1997, NIPS 9"
    case .gelu, .geluTanh: "Hendrycks and Gimpel 2016, arXiv:1606.08415"
    case .silu: "Elfwing, Uchibe and Doya 2018, arXiv:1702.03118; Ramachandran, Zoph and Le 2017, arXiv:1710.05941"
    case .tanh: "LeCun, Bottou, Orr and Müller 1998, doi:10.1007/3-540-49430-8_2"
    case .sigmoid: "Rumelhart, Hinton and Williams 1986, doi:10.1038/323533a0"
    case .softplus: "Dugas et al. 2001, NIPS 13"
    case .sin: "Sitzmann et al. 2020, arXiv:2006.09661"
    case .cos: "Rahimi and Recht 2007, NIPS 20"
    case .exp: "Daniely, Frostig and Singer 2016, arXiv:1602.05897"
    case .gaussian: "Williams 1997, NIPS 9"
    case .monomial, .hermite, .polynomial: "Daniely, Frostig and Singer 2016, arXiv:1602.05897"
    case .elu: "Clevert, Unterthiner and Hochreiter 2016, arXiv:1511.07289"
    }
  }
}
