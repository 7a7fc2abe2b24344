"""Spain's tax number by its code on org-id.guide: the CIF is called NIF since 2008."""

from django.db import migrations, models

RENAME = "UPDATE people_organisationidentifier SET scheme = '{}' WHERE scheme = '{}'"


class Migration(migrations.Migration):
    dependencies = [("people", "0007_organisation_tokens")]

    operations = [
        migrations.RunSQL(RENAME.format("ES-NIF", "ES-CIF"), RENAME.format("ES-CIF", "ES-NIF")),
        migrations.AlterField(
            model_name="organisationidentifier",
            name="scheme",
            field=models.CharField(
                choices=[
                    ("GB-CHC", "Charity Commission for England and Wales"),
                    ("GB-COH", "Companies House (United Kingdom)"),
                    ("GB-SC", "Scottish Charity Regulator"),
                    ("GB-NIC", "Charity Commission for Northern Ireland"),
                    ("GB-LAE", "Local authorities register for England"),
                    ("GR-GEMI", "General Commercial Registry (Greece)"),
                    ("GR-AFM", "Tax number (Greece)"),
                    ("SE-ON", "Organisation number (Sweden)"),
                    ("SE-BLV", "Companies Registration Office (Sweden)"),
                    ("IT-RI", "Business register (Italy)"),
                    ("IT-CF", "Tax code (Italy)"),
                    ("IT-PIVA", "VAT number (Italy)"),
                    ("DK-CVR", "Central Business Register (Denmark)"),
                    ("NO-BRC", "Register of business enterprises (Norway)"),
                    ("FI-PRO", "Patent and Registration Office (Finland)"),
                    ("IS-RSK", "Register of enterprises (Iceland)"),
                    ("FR-SIREN", "SIREN register (France)"),
                    ("FR-RNA", "National register of associations (France)"),
                    ("ES-NIF", "Tax number (Spain)"),
                    ("DE-CR", "Company register (Germany)"),
                    ("NL-KVK", "Chamber of Commerce (Netherlands)"),
                    ("BE-BCE_KBO", "Crossroads Bank for Enterprises (Belgium)"),
                    ("XI-LEI", "Legal Entity Identifier"),
                    ("XI-WIKIDATA", "Wikidata"),
                    ("OTHER", "Another register"),
                ],
                max_length=16,
                verbose_name="register",
            ),
        ),
    ]
