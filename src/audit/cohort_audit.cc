#include "audit/cohort_audit.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "dataset/participants.h"
#include "evaluate/statistics.h"

namespace parotis::audit {
namespace {

using phantom::LesionPriors;
using phantom::Patient;
using phantom::TumourPriors;

// A quantity: what the priors say, what the lesion has, what its images show.
struct Quantity {
  const char *key, *name, *unit;
  int digits;
  MeanSd (*target)(const LesionPriors&);
  double (*drawn)(const phantom::Lesion&);
  double (*measured)(const LesionMeasurement&);
};

MeanSd Of(const phantom::Spread& spread) { return {spread.mean, spread.sd}; }

const std::vector<Quantity>& Quantities() {
  using L = phantom::Lesion;
  using M = LesionMeasurement;
  using P = LesionPriors;
  static const std::vector<Quantity> quantities = {
      {"adc_um2_s", "ADC (b 0 and 1000)", "µm²/s", 0, [](const P& p) { return Of(p.adc_um2_s); },
       [](const L& l) { return l.adc_um2_s; }, [](const M& m) { return m.adc_um2_s; }},
      {"t2_ms", "T2", "ms", 0, [](const P& p) { return Of(p.t2_ms); }, [](const L& l) { return l.t2_ms; },
       [](const M& m) { return m.t2_ms; }},
      {"perfusion_fraction", "perfusion fraction f", "", 3,
       [](const P& p) {
         const auto& [low, high] = p.perfusion_fraction;
         return MeanSd{(low + high) / 2, (high - low) / std::sqrt(12.0)};
       },
       [](const L& l) { return l.diffusion.perfusion_fraction; }, [](const M& m) { return m.perfusion_fraction; }},
      {"dstar_um2_s", "pseudo-diffusion D*", "µm²/s", 0, [](const P& p) { return Of(p.pseudo_diffusion_um2_s); },
       [](const L& l) { return l.diffusion.pseudo_diffusion_um2_s; }, [](const M& m) { return m.dstar_um2_s; }},
      {"kurtosis", "kurtosis K (bounded by D·K)", "", 2, [](const P& p) { return Of(p.kurtosis); },
       [](const L& l) { return l.diffusion.kurtosis; }, [](const M& m) { return m.kurtosis; }},
      {"washout_percent", "wash-out ratio", "%", 1, [](const P& p) { return Of(p.washout_percent); },
       [](const L& l) { return phantom::ShapeOf(l.kinetics).washout_percent; },
       [](const M& m) { return m.washout_percent; }},
      {"time_to_peak_s", "time to peak", "s", 0, [](const P& p) { return Of(p.time_to_peak_s); },
       [](const L& l) { return phantom::ShapeOf(l.kinetics).time_to_peak_s; },
       [](const M& m) { return std::min(m.time_to_peak_s, 300.0); }},
  };
  return quantities;
}

MeanSd MomentsOf(const std::vector<double>& values) {
  return {evaluate::MeanOf(values), evaluate::StandardDeviationOf(values)};
}

std::vector<phantom::PairAuc> PairAucs(const std::vector<Realised>& classes) {
  std::vector<phantom::PairAuc> pairs;
  for (std::size_t a = 0; a < classes.size(); ++a) {
    for (std::size_t b = a + 1; b < classes.size(); ++b) {
      const double auc = phantom::ShareOfLarger(classes[a].values, classes[b].values);
      const bool first = auc >= 0.5;
      pairs.push_back({classes[first ? a : b].tumour, classes[first ? b : a].tumour, std::max(auc, 1 - auc)});
    }
  }
  return pairs;
}

QuantityAudit AuditOf(const Quantity& quantity, const phantom::Priors& priors, const std::vector<PatientRow>& rows) {
  QuantityAudit audit = {quantity.key, quantity.name, quantity.unit, quantity.digits, {}, {}};
  for (const TumourPriors& tumour : priors.tumours) {
    Realised realised;
    realised.tumour = tumour.name;
    realised.target = TargetOf(tumour, quantity.target);
    std::vector<double> drawn;
    for (const PatientRow& row : rows) {
      if (row.patient.diagnosis != tumour.name) continue;
      drawn.push_back(quantity.drawn(row.patient.lesions[0]));
      if (row.measured) {
        realised.values.push_back(quantity.measured(*row.measured));
      } else {
        ++realised.not_measured;
      }
    }
    if (drawn.empty()) continue;
    realised.drawn = MomentsOf(drawn);
    realised.measured = MomentsOf(realised.values);
    audit.classes.push_back(std::move(realised));
  }
  audit.auc = PairAucs(audit.classes);
  return audit;
}

// Of the sizes there is nothing to measure but what was drawn.
QuantityAudit SizeAudit(const phantom::Priors& priors, const std::vector<PatientRow>& rows) {
  QuantityAudit audit = {"size_mm", "largest diameter", "mm", 1, {}, {}};
  for (const TumourPriors& tumour : priors.tumours) {
    Realised realised;
    realised.tumour = tumour.name;
    realised.target = TargetOf(tumour, [](const LesionPriors& p) { return Of(p.size_mm); });
    for (const PatientRow& row : rows) {
      if (row.patient.diagnosis == tumour.name) realised.values.push_back(row.patient.lesions[0].size_mm);
    }
    if (realised.values.empty()) continue;
    realised.drawn = realised.measured = MomentsOf(realised.values);
    audit.classes.push_back(std::move(realised));
  }
  audit.auc = PairAucs(audit.classes);
  return audit;
}

struct Share {
  const char* name;
  double (*prior)(const TumourPriors&);
  bool (*holds)(const Patient&);
};

template <class Value>
double Weighted(const TumourPriors& tumour, const Value& value) {
  return TargetOf(tumour, [&](const LesionPriors& p) { return MeanSd{value(p), 0}; }).mean;
}

bool OnBothSides(const Patient& patient) {
  return std::any_of(patient.lesions.begin(), patient.lesions.end(),
                     [&](const phantom::Lesion& lesion) { return lesion.side != patient.lesions[0].side; });
}

const std::vector<Share>& Shares() {
  using P = const TumourPriors&;
  using phantom::Cysts;
  using phantom::Margin;
  using phantom::Site;
  static const std::vector<Share> shares = {
      {"male", [](P t) { return t.demography.male; }, [](const Patient& p) { return p.male; }},
      {"smoker",
       [](P t) {
         const auto& d = t.demography;
         return d.male * d.smoker_male + (1 - d.male) * d.smoker_female;
       },
       [](const Patient& p) { return p.smoker; }},
      {"superficial lobe", [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.site[0]; }); },
       [](const Patient& p) { return p.lesions[0].site == Site::kSuperficial; }},
      {"deep lobe", [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.site[1]; }); },
       [](const Patient& p) { return p.lesions[0].site == Site::kDeep; }},
      {"tail", [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.site[2]; }); },
       [](const Patient& p) { return p.lesions[0].site == Site::kTail; }},
      {"smooth", [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.margin[0]; }); },
       [](const Patient& p) { return p.lesions[0].margin == Margin::kSmooth; }},
      {"lobulated", [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.margin[1]; }); },
       [](const Patient& p) { return p.lesions[0].margin == Margin::kLobulated; }},
      {"ill-defined", [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.margin[2]; }); },
       [](const Patient& p) { return p.lesions[0].margin == Margin::kIllDefined; }},
      {"cystic parts", [](P t) { return Weighted(t, [](const LesionPriors& p) { return 1 - p.cysts[0]; }); },
       [](const Patient& p) { return p.lesions[0].cysts != Cysts::kNone; }},
      {"necrosis", [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.necrosis; }); },
       [](const Patient& p) { return p.lesions[0].necrosis; }},
      {"leaves the gland",
       [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.margin[2] * p.infiltrates; }); },
       [](const Patient& p) { return p.lesions[0].infiltrates; }},
      {"both sides", [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.bilateral; }); }, OnBothSides},
      {"enlarged nodes", [](P t) { return Weighted(t, [](const LesionPriors& p) { return p.enlarged_nodes; }); },
       [](const Patient& p) {
         return std::any_of(p.nodes.begin(), p.nodes.end(), [](const phantom::Node& node) { return node.enlarged; });
       }},
  };
  return shares;
}

std::vector<ShareAudit> AuditShares(const phantom::Priors& priors, const std::vector<PatientRow>& rows) {
  std::vector<ShareAudit> audits;
  for (const Share& share : Shares()) {
    for (const TumourPriors& tumour : priors.tumours) {
      ShareAudit audit = {tumour.name, share.name, share.prior(tumour), 0, 0};
      for (const PatientRow& row : rows) {
        if (row.patient.diagnosis != tumour.name) continue;
        ++audit.n;
        audit.count += share.holds(row.patient) ? 1 : 0;
      }
      if (audit.n > 0) audits.push_back(audit);
    }
  }
  return audits;
}

// Without values there is no mean, and below two no deviation.
base::Json Defined(double value) { return std::isfinite(value) ? base::Json(value) : base::Json(nullptr); }

base::Json JsonOf(const MeanSd& moments) { return base::Json::array({Defined(moments.mean), Defined(moments.sd)}); }

}  // namespace

MeanSd TargetOf(const TumourPriors& tumour, const std::function<MeanSd(const LesionPriors&)>& of_subtype) {
  double weights = 0, mean = 0, square = 0;
  for (const phantom::Subtype& subtype : tumour.subtypes) {
    const MeanSd own = of_subtype(subtype.lesion);
    weights += subtype.weight;
    mean += subtype.weight * own.mean;
    square += subtype.weight * (own.sd * own.sd + own.mean * own.mean);
  }
  mean /= weights;
  return {mean, std::sqrt(std::max(0.0, square / weights - mean * mean))};
}

std::vector<PatientRow> MeasureCohort(const phantom::Priors& priors, const phantom::Mix& mix, std::uint64_t seed,
                                      std::int64_t count, const MeasureOptions& options) {
  std::vector<PatientRow> rows(static_cast<std::size_t>(count));
  base::ParallelFor(count, options.threads, [&](std::int64_t k) {
    PatientRow& row = rows[static_cast<std::size_t>(k)];
    row.patient = phantom::DrawPatient(priors, seed, k, phantom::DiagnosisOf(mix, seed, k));
    row.protocol = physics::DrawProtocol(row.patient, priors.acquisition, {});
    row.measured = MeasureLargestLesion(row.patient, priors);
    if (options.distortion) row.distortion = MeasureDistortion(row.patient, priors);
    if (options.advance) options.advance();
  });
  return rows;
}

CohortAudit Audit(const phantom::Priors& priors, const phantom::Mix& mix, std::uint64_t seed,
                  const std::vector<PatientRow>& rows, std::int64_t oracle_draws) {
  CohortAudit audit;
  audit.patients = static_cast<std::int64_t>(rows.size());
  audit.seed = seed;
  for (const Quantity& quantity : Quantities()) audit.quantities.push_back(AuditOf(quantity, priors, rows));
  audit.quantities.push_back(SizeAudit(priors, rows));
  audit.shares = AuditShares(priors, rows);
  for (const PatientRow& row : rows) {
    if (row.distortion) audit.shift_mm.push_back(row.distortion->shift_mm);
    audit.snr_b0.push_back(row.protocol.snr_b0);
    audit.snr_b1000.push_back(row.protocol.snr_b1000);
    audit.unusable += row.protocol.faults.unusable != physics::Unusable::kNo ? 1 : 0;
    audit.at_3t += row.protocol.field == phantom::FieldStrength::k3T ? 1 : 0;
  }
  audit.oracle = phantom::AskOracle(priors, mix, oracle_draws, seed);
  return audit;
}

base::Json ToJson(const CohortAudit& audit) {
  base::Json json = {{"synthetic", true}, {"patients", audit.patients}, {"seed", audit.seed}};
  for (const QuantityAudit& quantity : audit.quantities) {
    base::Json entry = {{"unit", quantity.unit}};
    for (const Realised& realised : quantity.classes) {
      entry["classes"][realised.tumour] = {{"target", JsonOf(realised.target)},
                                           {"drawn", JsonOf(realised.drawn)},
                                           {"measured", JsonOf(realised.measured)},
                                           {"n", realised.values.size()},
                                           {"not_measured", realised.not_measured}};
    }
    for (const phantom::PairAuc& pair : quantity.auc)
      entry["auc"].push_back({{"higher", pair.higher}, {"lower", pair.lower}, {"auc", pair.auc}});
    json["quantities"][quantity.key] = std::move(entry);
  }
  for (const ShareAudit& share : audit.shares) {
    json["shares"].push_back({{"class", share.tumour},
                              {"name", share.name},
                              {"prior", share.prior},
                              {"count", share.count},
                              {"n", share.n}});
  }
  json["acquisition"] = {{"at_3t", audit.at_3t},
                         {"unusable_diffusion", audit.unusable},
                         {"shift_mm_median", Defined(evaluate::PercentileOf(audit.shift_mm, 0.5))},
                         {"shift_mm_p90", Defined(evaluate::PercentileOf(audit.shift_mm, 0.9))},
                         {"snr_b0_mean", evaluate::MeanOf(audit.snr_b0)},
                         {"snr_b1000_mean", evaluate::MeanOf(audit.snr_b1000)}};
  json.update(phantom::ToJson(audit.oracle));
  return json;
}

}  // namespace parotis::audit
